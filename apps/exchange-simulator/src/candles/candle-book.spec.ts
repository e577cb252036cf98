import {
  fold,
  parseIsoSeconds,
  parseMarketCode,
  scaledOf,
  Timeframe,
  type Candle,
} from '@candlekeep/market';
import { Exchange } from '../exchange';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const BTC = parseMarketCode('KRW-BTC');
const KNC = parseMarketCode('KRW-KNC');
const exchange = new Exchange();
const at = parseIsoSeconds;

interface Wanted {
  readonly market?: typeof BTC;
  readonly count?: number;
  readonly beforeMs?: number;
}

function rows(
  code: string,
  nowMs: number,
  { market = BTC, count = 200, beforeMs = Infinity }: Wanted = {},
): Candle[] {
  return exchange.candles({ market, timeframe: Timeframe.parse(code), count, beforeMs }, nowMs);
}

/** All one-minute rows that open in `[fromMs, untilMs)`, oldest first, paged as a client would. */
function minutesBetween(
  market: typeof BTC,
  fromMs: number,
  untilMs: number,
  nowMs: number,
): Candle[] {
  const found: Candle[] = [];
  for (let beforeMs = untilMs; ;) {
    const page = rows('1m', nowMs, { market, beforeMs }).filter(({ openMs }) => openMs >= fromMs);
    found.push(...page);
    if (page.length < 200) return found.reverse();
    beforeMs = page.at(-1)!.openMs;
  }
}

describe('rows of a larger unit', () => {
  const nowMs = at('2026-11-19T13:07:31');

  it.each(
    Timeframe.ALL.filter(({ kind }) => kind === 'minute').flatMap((timeframe) => [
      { timeframe, market: BTC },
      { timeframe, market: KNC },
    ]),
  )(
    'are the folds of the one-minute rows, the forming one too ($timeframe $market)',
    ({ timeframe, market }) => {
      for (const row of rows(timeframe.code, nowMs, { market, count: 12 })) {
        const parts = minutesBetween(market, row.openMs, timeframe.closeOf(row.openMs), nowMs);
        expect(row).toEqual(fold(parts, row.openMs));
      }
    },
  );

  it.each(['1d', '1w', '1M', '1y'])(
    'fold the calendar too, and measure days against the close before (%s)',
    (code) => {
      const timeframe = Timeframe.parse(code);
      const inYear = at('2026-02-10T12:00:30');
      const [row, previous] = rows(code, inYear, { count: 2, market: KNC });
      const parts = minutesBetween(KNC, row!.openMs, timeframe.closeOf(row!.openMs), inYear);
      const { daily, ...plain } = row!;
      expect(plain).toEqual(fold(parts, row!.openMs));
      expect(daily?.previousClose).toBe(code === '1d' ? previous!.close : undefined);
    },
  );

  it('say the change of a day in 8 digits and its rate in 10, rounded half up', () => {
    const [row] = rows('1d', nowMs, { beforeMs: at('2025-09-03T00:00:00'), count: 1 });
    const { previousClose, change, changeRate } = row!.daily!;
    expect(scaledOf(change)).toBe(scaledOf(row!.close) - scaledOf(previousClose));
    const exact = Number(scaledOf(change)) / Number(scaledOf(previousClose));
    expect(Number(changeRate)).toBeCloseTo(exact, 10);
    expect(changeRate).toMatch(/^-?0\.\d{10}$/);
  });
});

describe('a page of rows', () => {
  const nowMs = at('2026-11-19T13:07:31');

  it('is newest first, ends before `to` by open, and gives the candle that contains `to` whole', () => {
    const beforeMs = at('2026-11-18T10:02:30');
    const opens = rows('5m', nowMs, { beforeMs, count: 3 }).map(({ openMs }) => openMs);
    expect(opens).toEqual(['10:00', '09:55', '09:50'].map((time) => at(`2026-11-18T${time}:00`)));
    const [aligned] = rows('5m', nowMs, { beforeMs: at('2026-11-18T10:00:00'), count: 1 });
    expect(aligned!.openMs).toBe(at('2026-11-18T09:55:00'));
  });

  it('leaves slots without a trade out and reaches further back instead', () => {
    const page = rows('1m', nowMs, { market: KNC });
    expect(page).toHaveLength(200);
    expect(page[0]!.openMs - page[199]!.openMs).toBeGreaterThan(
      200 * 3 * MINUTE_MS - 3 * MINUTE_MS,
    );
    expect(page.every(({ volume }) => scaledOf(volume) > 0n)).toBe(true);
  });

  it('is short where history begins and empty before it', () => {
    const listed = at('2025-11-12T02:37:00');
    const first = rows('1m', nowMs, { market: KNC, beforeMs: listed + 30 * MINUTE_MS });
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThanOrEqual(30);
    expect(rows('1m', nowMs, { market: KNC, beforeMs: listed })).toEqual([]);
    expect(rows('1y', nowMs, { market: KNC })).toHaveLength(2);
    expect(rows('1d', nowMs, { market: KNC, beforeMs: at('2025-11-12T00:00:00') })).toEqual([]);
  });

  it('of 200 days or weeks or years costs little', () => {
    const startedMs = performance.now();
    for (const code of ['1d', '1w', '1M', '1y']) rows(code, nowMs);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  it('gives the same closed rows whenever it is asked and to whomever', () => {
    const beforeMs = at('2026-11-01T00:00:00');
    const again = new Exchange().candles(
      { market: BTC, timeframe: Timeframe.parse('15m'), count: 200, beforeMs },
      at('2027-03-03T03:03:03'),
    );
    expect(rows('15m', nowMs, { beforeMs })).toEqual(again);
  });
});
