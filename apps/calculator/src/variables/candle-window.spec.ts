import { type Candle, parseMarketCode, Timeframe } from '@candlekeep/market';
import { CandleWindow, type SeenCandle } from './candle-window';

const MINUTE = 60_000;
const NOON_MS = Date.UTC(2026, 0, 5, 12);
const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('1m') };
const candle = (minute: number, close: string): Candle => ({
  ...{ openMs: NOON_MS + minute * MINUTE, open: '1', high: '9', low: '1', close },
  ...{ timestampMs: 0, turnover: '1', volume: '1' },
});
const told = (minute: number, close: string, seenMinute: number, final = false): SeenCandle => ({
  ...{ ...candle(minute, close), asOfMs: NOON_MS + seenMinute * MINUTE, final },
});
/** Minutes 0, 1 and 2, the last one half over. */
const opened = (): CandleWindow =>
  new CandleWindow(
    series,
    {
      candles: [candle(0, '10'), candle(1, '11'), candle(2, '12')],
      ...{ asOfMs: NOON_MS + 2.5 * MINUTE, source: 'l1' },
    },
    3,
  );
const closesOf = (window: CandleWindow) => window.bars.map(({ close }) => close);

describe('a window of candles', () => {
  it('knows which are closed by when they were seen', () => {
    const window = opened();
    expect(closesOf(window)).toEqual([10, 11, 12]);
    expect(window.closedBars.map(({ close }) => close)).toEqual([10, 11]);
    expect(window.isForming).toBe(true);
  });

  it('replaces a candle that is told again, and says whether that changed anything', () => {
    const window = opened();
    expect(window.take(told(2, '12.5', 2.6))).toBe(true);
    expect(window.take(told(2, '12.5', 2.7))).toBe(false);
    expect(closesOf(window)).toEqual([10, 11, 12.5]);
    expect(window.asOfMs).toBe(NOON_MS + 2.7 * MINUTE);
  });

  it('lets the oldest go when one is added', () => {
    const window = opened();
    expect(window.take(told(4, '14', 4.1))).toBe(true);
    expect(closesOf(window)).toEqual([11, 12, 14]);
    expect(window.closedBars.map(({ close }) => close)).toEqual([11, 12]);
  });

  it('passes over what is older than what it knows, but not a candle that has become final', () => {
    const window = opened();
    expect(window.take(told(2, '99', 2.4))).toBe(false);
    expect(window.take(told(1, '11.5', 2.1, true))).toBe(true);
    expect(closesOf(window)).toEqual([10, 11.5, 12]);
    expect(window.asOfMs).toBe(NOON_MS + 2.5 * MINUTE);
  });

  it('takes a candle in that was missing, at its place', () => {
    const sparse = new CandleWindow(
      series,
      { candles: [candle(0, '10'), candle(2, '12')], asOfMs: NOON_MS, source: 'l1' },
      3,
    );
    expect(sparse.take(told(1, '11', 3, true))).toBe(true);
    expect(closesOf(sparse)).toEqual([10, 11, 12]);
  });

  it('tells a close of which nothing else changed', () => {
    const window = opened();
    expect(window.take(told(2, '12', 3, true))).toBe(true);
    expect(window.isForming).toBe(false);
  });
});
