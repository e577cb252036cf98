import {
  parseIsoSeconds,
  parseMarketCode,
  scaledOf,
  Timeframe,
  type Candle,
} from '@candlekeep/market';
import { Exchange } from '../exchange';
import { tickerRow } from './ticker-row';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const exchange = new Exchange();
const nowMs = parseIsoSeconds('2026-11-22T13:50:02') + 345;
const MARKETS = exchange.markets.map(({ market }) => market);
const KNC = parseMarketCode('KRW-KNC');

function rows(code: string, count: number, market = MARKETS[0]!): Candle[] {
  const timeframe = Timeframe.parse(code);
  return exchange.candles({ market, timeframe, count, beforeMs: Infinity }, nowMs);
}

const sum = (values: readonly string[]): bigint =>
  values.reduce((total, text) => total + scaledOf(text), 0n);

describe('a ticker', () => {
  it.each(MARKETS)('shows the day candle of %s', (market) => {
    const ticker = tickerRow(market, exchange.findView(market, nowMs)!)!;
    const [today] = rows('1d', 1, market);
    expect(ticker).toMatchObject({
      open: today?.open,
      high: today?.high,
      low: today?.low,
      close: today?.close,
      previousClose: today?.daily?.previousClose,
      change: today?.daily?.change,
      changeRate: today?.daily?.changeRate,
      dayVolume: today?.volume,
      dayTurnover: `${today?.turnover ?? ''}00000000`,
      timestampMs: today?.timestampMs,
    });
    expect(ticker.timestampMs).toBeLessThanOrEqual(nowMs);
    expect(ticker.tradeMs).toBeLessThanOrEqual(ticker.timestampMs);
  });

  it('adds up the last 24 hours, the forming minute included', () => {
    const market = MARKETS[0]!;
    const minutes = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((page) =>
      exchange.candles(
        {
          market,
          timeframe: Timeframe.parse('1m'),
          count: 180,
          beforeMs: Math.floor(nowMs / MINUTE_MS + 1) * MINUTE_MS - page * 180 * MINUTE_MS,
        },
        nowMs,
      ),
    );
    const oldestMs = (Math.floor(nowMs / MINUTE_MS) - 1_439) * MINUTE_MS;
    const own = new Map(
      minutes.filter(({ openMs }) => openMs >= oldestMs).map((row) => [row.openMs, row]),
    );
    const ticker = tickerRow(market, exchange.findView(market, nowMs)!)!;
    expect(scaledOf(ticker.volume24h)).toBe(sum([...own.values()].map(({ volume }) => volume)));
    expect(scaledOf(ticker.turnover24h)).toBe(
      sum([...own.values()].map(({ turnover }) => turnover)),
    );
  });

  it('names the highest and the lowest price of 52 weeks, and the last day of each', () => {
    const days = [...rows('1d', 200)];
    const { highest52w, lowest52w } = tickerRow(
      MARKETS[0]!,
      exchange.findView(MARKETS[0]!, nowMs)!,
    )!;
    const highs = days.map(({ high }) => scaledOf(high));
    const lows = days.map(({ low }) => scaledOf(low));
    const highest = highs.indexOf(highs.reduce((a, b) => (a > b ? a : b)));
    const lowest = lows.indexOf(lows.reduce((a, b) => (a < b ? a : b)));
    expect(highest52w).toEqual({ price: days[highest]?.high, dayMs: days[highest]?.openMs });
    expect(lowest52w).toEqual({ price: days[lowest]?.low, dayMs: days[lowest]?.openMs });
  });

  it('is flat at the last close on a day without a trade, and missing before the first one', () => {
    const listedMs = parseIsoSeconds('2025-11-12T02:37:00');
    expect(tickerRow(KNC, exchange.findView(KNC, listedMs - DAY_MS)!)).toBeUndefined();
    const midnightMs = parseIsoSeconds('2026-11-22T00:00:00');
    const ticker = tickerRow(MARKETS[0]!, exchange.findView(MARKETS[0]!, midnightMs)!)!;
    expect(ticker).toMatchObject({
      open: ticker.close,
      high: ticker.previousClose,
      change: '0.00000000',
      dayVolume: '0.00000000',
    });
  });
});
