import { parseIsoSeconds, parseMarketCode, scaledOf, Timeframe } from '@candlekeep/market';
import { Exchange } from '../exchange';
import { tradeRows, type TradePage, type TradeRow } from './trade-row';

const MINUTE_MS = 60_000;
const DAY = Timeframe.parse('1d');
const exchange = new Exchange();
const BTC = parseMarketCode('KRW-BTC');
const KNC = parseMarketCode('KRW-KNC');
const nowMs = parseIsoSeconds('2026-11-22T13:50:02') + 345;

function trades(page: Partial<TradePage> = {}, market = BTC, atMs = nowMs): TradeRow[] {
  const view = exchange.findView(market, atMs)!;
  const usual = { dayMs: DAY.floor(atMs), untilMs: Infinity, beforeId: undefined, count: 500 };
  return tradeRows(market, view, { ...usual, ...page });
}

describe('executed trades', () => {
  it('come newest first, each with an id of its own that tells its moment', () => {
    const ids = trades().map(({ sequentialId }) => sequentialId);
    expect(ids).toHaveLength(500);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => (a < b ? 1 : -1)));
    for (const { sequentialId, atMs } of trades()) {
      expect(sequentialId / 10_000n).toBe(BigInt(atMs));
    }
  });

  it('are exactly those that make the candles', () => {
    const minutes = exchange.candles(
      { market: BTC, timeframe: Timeframe.parse('1m'), count: 20, beforeMs: Infinity },
      nowMs,
    );
    const all = trades();
    for (const { openMs, open, high, low, close, volume } of minutes) {
      const own = all.filter(({ atMs }) => atMs >= openMs && atMs < openMs + MINUTE_MS);
      const prices = own.map(({ price }) => scaledOf(price)).sort((a, b) => (a < b ? -1 : 1));
      const total = own.reduce((sum, trade) => sum + scaledOf(trade.volume), 0n);
      expect([own.at(-1)?.price, own.at(0)?.price]).toEqual([open, close]);
      expect([prices.at(-1), prices.at(0)]).toEqual([scaledOf(high), scaledOf(low)]);
      expect(total).toBe(scaledOf(volume));
    }
  });

  it('can be paged by cursor and by time without a gap or a repetition', () => {
    const whole = trades({ count: 90 });
    const first = trades({ count: 40 });
    const rest = trades({ count: 50, beforeId: first.at(-1)!.sequentialId });
    expect([...first, ...rest]).toEqual(whole);
    const untilMs = nowMs - 10 * MINUTE_MS;
    const earlier = trades({ untilMs });
    expect(earlier).toEqual(
      trades({ count: 500 + 400 })
        .filter(({ atMs }) => atMs < untilMs)
        .slice(0, 500),
    );
  });

  it('end where their day begins, and are measured against the close before it', () => {
    const dayMs = DAY.shift(nowMs, -3);
    const noonMs = dayMs + 20 * MINUTE_MS;
    const day = trades({ dayMs, untilMs: noonMs });
    const [row] = exchange.candles(
      { market: BTC, timeframe: DAY, count: 1, beforeMs: dayMs + 1 },
      nowMs,
    );
    expect(day.every(({ atMs }) => atMs >= dayMs && atMs < noonMs)).toBe(true);
    expect(day.at(-1)?.price).toBe(row?.open);
    expect(new Set(day.map(({ previousClose }) => previousClose))).toEqual(
      new Set([row?.daily?.previousClose]),
    );
    for (const { price, previousClose, change } of day) {
      expect(scaledOf(change)).toBe(scaledOf(price) - scaledOf(previousClose));
    }
  });

  it('of a market before its first day are none, and on it are measured against its first price', () => {
    const listedMs = parseIsoSeconds('2025-11-12T02:37:00');
    expect(trades({}, KNC, listedMs - 1)).toEqual([]);
    const first = trades({}, KNC, listedMs + 60 * MINUTE_MS);
    expect(first.at(-1)?.change).toBe('0.00000000');
  });

  it('are not seen before they are stored', () => {
    const all = trades({ count: 30 });
    for (const atMs of all.map((trade) => trade.atMs)) {
      expect(trades({ count: 1 }, BTC, atMs).at(0)?.atMs).toBeLessThan(atMs);
    }
  });
});
