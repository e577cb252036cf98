import { type ExchangePage, type FinalPage, PAGE_ROWS } from '@candlekeep/candle-cache';
import { parseMarketCode, type Series, Timeframe } from '@candlekeep/market';
import { MemoryCandleStore } from '../../../test/support/memory-candle-store';
import { ModelExchange } from '../../../test/support/model-exchange';
import { PageProof } from './page-proof';

const MINUTE = 60_000;
const START_MS = Date.UTC(2025, 8, 1);
const NOW_MS = START_MS + 5_000 * MINUTE + 30_000;
const series: Series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
const at = (slot: number): number => START_MS + slot * MINUTE;
const exchangeOf = (slots: number): ModelExchange =>
  new ModelExchange(
    series,
    Array.from({ length: slots }, (_, slot) => at(slot)),
  );

describe('PageProof', () => {
  let store: MemoryCandleStore;
  let looks: (number | undefined)[];

  beforeEach(() => {
    store = new MemoryCandleStore();
    looks = [];
  });

  /** A proof whose further looks are answered by `exchange`. */
  const proofWith = (exchange: ModelExchange): PageProof =>
    new PageProof(store, {
      page: ({ timeframe }, toMs) => {
        looks.push(toMs);
        return Promise.resolve(exchange.foldedTo(timeframe).page(toMs, NOW_MS));
      },
      hasTraded: () =>
        Promise.resolve(exchange.answer({ beforeMs: Infinity, count: 1 }, NOW_MS).length > 0),
    });
  const emptied = (page: ExchangePage): ExchangePage => ({ ...page, candles: [] });
  const save = async (page: FinalPage): Promise<void> => {
    const basis = {
      timeframe: page.series.timeframe,
      revision: await store.openRevision(page.series),
    };
    await store.save({ ...page, provenance: 'native', readAtMs: NOW_MS, basis: [basis] });
  };
  const known = async (from: number, until: number): Promise<void> => {
    await save({
      series,
      covered: { fromMs: at(from), untilMs: at(until) },
      rows: exchangeOf(5_000)
        .answer({ beforeMs: at(until), count: until - from }, NOW_MS)
        .reverse(),
    });
  };

  it('believes a full page at once', async () => {
    const exchange = exchangeOf(5_000);
    const evidence = await proofWith(exchange).prove(exchange.page(at(1_000), NOW_MS));
    expect(evidence.finals).toHaveLength(PAGE_ROWS);
    expect(looks).toEqual([]);
  });

  it('believes that history begins with a short page when nothing lies before it', async () => {
    const exchange = exchangeOf(5_000);
    const evidence = await proofWith(exchange).prove(exchange.page(at(50), NOW_MS));
    expect(evidence.covered).toEqual({ fromMs: 0, untilMs: at(50) });
    expect(looks).toEqual([START_MS]);
  });

  it('does not look twice for a beginning that is known', async () => {
    const exchange = exchangeOf(5_000);
    await save({ series, rows: [], covered: { fromMs: 0, untilMs: START_MS } });
    await proofWith(exchange).prove(exchange.page(at(50), NOW_MS));
    expect(looks).toEqual([]);
  });

  it('refuses a page that was cut short', async () => {
    const exchange = exchangeOf(5_000);
    const page = exchange.page(at(1_000), NOW_MS);
    const cut = { ...page, candles: page.candles.slice(60) };
    await expect(proofWith(exchange).prove(cut)).rejects.toMatchObject({
      code: 'EXCHANGE_CONTRADICTS',
    });
  });

  it('refuses an empty list where candles are stored, of any page', async () => {
    const exchange = exchangeOf(5_000);
    await known(800, 1_000);
    for (const toMs of [undefined, at(900), at(1_000)]) {
      const page = emptied(exchange.page(toMs, NOW_MS));
      await expect(proofWith(exchange).prove(page)).rejects.toMatchObject({ retryable: true });
    }
  });

  it('refuses a page that lacks a stored row in its middle', async () => {
    const exchange = exchangeOf(5_000);
    await known(800, 1_000);
    const page = exchange.page(at(1_000), NOW_MS);
    const holed = { ...page, candles: page.candles.filter(({ openMs }) => openMs !== at(901)) };
    await expect(proofWith(exchange).prove(holed)).rejects.toThrow('2025-09-01T15:01:00');
  });

  it.each([
    ['at the first candle', 0, 0],
    ['in the hour of the first candle', 1_000, 1_000],
    ['days before it, in the same month', 3_000, 1_000],
  ])('believes in emptiness before the listing, %s', async (_where, first, asked) => {
    const exchange = new ModelExchange(
      series,
      Array.from({ length: 500 }, (_, i) => at(first + i)),
    );
    const nowMs = NOW_MS;
    const evidence = await proofWith(exchange).prove(exchange.page(at(asked), nowMs));
    expect(evidence.covered).toEqual({ fromMs: 0, untilMs: at(asked) });
  });

  it('refuses an empty list inside a history that nobody knows yet', async () => {
    const exchange = exchangeOf(5_000);
    for (const slot of [1, 16, 900, 4_000]) {
      const page = emptied(exchange.page(at(slot), NOW_MS));
      await expect(proofWith(exchange).prove(page)).rejects.toMatchObject({
        code: 'EXCHANGE_CONTRADICTS',
      });
    }
  });

  it('refuses emptiness when even the months are empty, but candles are stored', async () => {
    await known(800, 1_000);
    const before = exchangeOf(5_000).page(START_MS, NOW_MS);
    await expect(proofWith(exchangeOf(0)).prove(before)).rejects.toMatchObject({
      code: 'EXCHANGE_CONTRADICTS',
    });
  });

  it('refuses an empty list of a market that nobody knows yet, when it has traded', async () => {
    const exchange = exchangeOf(5_000);
    const page = emptied(exchange.page(undefined, NOW_MS));
    await expect(proofWith(exchange).prove(page)).rejects.toMatchObject({
      code: 'EXCHANGE_CONTRADICTS',
    });
  });

  it('takes no offence at seconds that the exchange does not keep any more', async () => {
    const seconds = { ...series, timeframe: Timeframe.parse('1s') };
    const [old, young] = [NOW_MS - 100 * 86_400_000, NOW_MS - 10 * 86_400_000];
    const before = new ModelExchange(seconds, [old, young]).answer(
      { beforeMs: NOW_MS, count: 2 },
      NOW_MS,
    );
    const covered = { fromMs: old, untilMs: young + 1_000 };
    await save({ series: seconds, covered, rows: before.reverse() });
    const now = new ModelExchange(seconds, [young]);
    const proof = new PageProof(store, {
      page: (_series, toMs) => Promise.resolve(now.page(toMs, NOW_MS)),
      hasTraded: () => Promise.resolve(true),
    });
    const evidence = await proof.prove(now.page(undefined, NOW_MS));
    expect(evidence.finals.map(({ openMs }) => openMs)).toEqual([young]);
    await expect(proof.prove(emptied(now.page(undefined, NOW_MS)))).rejects.toMatchObject({
      code: 'EXCHANGE_CONTRADICTS',
    });
  });

  it('proves nothing for good of a market that never showed a candle', async () => {
    const exchange = exchangeOf(0);
    for (const toMs of [undefined, at(900)]) {
      const evidence = await proofWith(exchange).prove(exchange.page(toMs, NOW_MS));
      expect(evidence.covered).toEqual({ fromMs: 0, untilMs: 0 });
      expect(evidence.head).toEqual({ fromMs: 0, rows: [] });
    }
  });
});
