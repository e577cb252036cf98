import { parseMarketCode, type Series, Timeframe } from '@candlekeep/market';
import { ModelExchange } from '../../../test/support/model-exchange';
import { judgePage, readInstant, SETTLE_MS } from './page-evidence';

const MINUTE = 60_000;
const START_MS = Date.UTC(2025, 8, 1);
const series: Series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
const exchange = new ModelExchange(
  series,
  Array.from({ length: 1_000 }, (_, i) => START_MS + i * MINUTE),
);
const at = (minute: number, ms = 0): number => START_MS + minute * MINUTE + ms;

describe('judgePage', () => {
  it('never proves the forming candle, nor one that closed less than SETTLE_MS ago', () => {
    for (const ms of [0, 1, 999, 2_000, SETTLE_MS - 1]) {
      const { covered, finals, head } = judgePage(exchange.page(undefined, at(500, ms)));
      expect(covered.untilMs).toBe(at(499));
      expect(finals.at(-1)?.openMs).toBe(at(498));
      expect(head?.rows.map(({ openMs }) => openMs)).toEqual([at(499), at(500)]);
    }
    expect(judgePage(exchange.page(undefined, at(500, SETTLE_MS))).covered.untilMs).toBe(at(500));
  });

  it('proves a full page from its oldest row up', () => {
    const { covered, finals } = judgePage(exchange.page(at(400), at(500)));
    expect(covered).toEqual({ fromMs: at(200), untilMs: at(400) });
    expect(finals).toHaveLength(200);
  });

  it('takes a short page for the beginning of history', () => {
    expect(judgePage(exchange.page(at(50), at(500))).covered).toEqual({
      fromMs: 0,
      untilMs: at(50),
    });
  });

  it('trusts an answer that was long on its way only as far as its question', () => {
    const askedMs = at(500, 400);
    const slow = exchange.page(undefined, at(500, 5_100), { askedMs, readMs: askedMs });
    expect(judgePage(slow).covered.untilMs).toBe(at(499));
    expect(judgePage(slow).finals.at(-1)).toEqual(
      exchange.answer({ beforeMs: at(499), count: 1 }, at(900))[0],
    );
  });

  it('takes nothing for final on the word of a header from the future', () => {
    const page = exchange.page(undefined, at(500, 30_000));
    const readAt = readInstant({ dateMs: at(560), askedMs: at(500, 30_000), tookMs: 20 });
    const judged = judgePage({ ...page, readAt });
    expect(judged.covered.untilMs).toBe(at(500));
    expect(judged.head?.rows.map(({ openMs }) => openMs)).toEqual([at(500)]);
  });

  it('speaks for no row that it does not hold, however far back the settled edge lies', () => {
    const page = exchange.page(undefined, at(500));
    const readAt = readInstant({ dateMs: at(500), askedMs: at(100), tookMs: 0 });
    const { covered, head } = judgePage({ ...page, readAt });
    expect(covered.fromMs).toBeGreaterThanOrEqual(covered.untilMs);
    expect(head?.fromMs).toBe(at(301));
    expect(head?.rows).toHaveLength(200);
  });

  it('makes no head of a page that the present may have passed on its way', () => {
    const way = { askedMs: at(499, 58_000), readMs: at(499, 58_500) };
    expect(judgePage(exchange.page(at(500), at(499, 59_900), way)).head).toBeUndefined();
  });

  it('takes a newest page without rows for a sight, and for no proof', () => {
    const silent = new ModelExchange(series, []);
    expect(judgePage(silent.page(undefined, at(500)))).toMatchObject({
      covered: { fromMs: 0, untilMs: 0 },
      claimsBeginning: false,
      head: { fromMs: 0, rows: [] },
    });
  });

  it('proves emptiness before the first candle', () => {
    const judged = judgePage(exchange.page(START_MS, at(500)));
    expect(judged).toMatchObject({
      covered: { fromMs: 0, untilMs: START_MS },
      claimsBeginning: true,
      finals: [],
    });
  });

  it('proves nothing of a page whose rows are all unsettled', () => {
    const young = new ModelExchange(series, [at(500)]);
    const { covered, finals } = judgePage({ ...young.page(undefined, at(500, 10)), requested: 1 });
    expect(covered.fromMs).toBeGreaterThanOrEqual(covered.untilMs);
    expect(finals).toEqual([]);
  });

  it('makes no head of a page that ends before the present', () => {
    expect(judgePage(exchange.page(at(500), at(500, 2_000))).head).toBeUndefined();
    expect(judgePage(exchange.page(at(600), at(500, 2_000))).head).toBeDefined();
  });
});
