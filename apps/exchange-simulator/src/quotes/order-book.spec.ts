import { parseIsoSeconds, scaledOf } from '@candlekeep/market';
import { Exchange } from '../exchange';
import { bookLevels, orderBook, type OrderBook } from './order-book';

const exchange = new Exchange();
const nowMs = parseIsoSeconds('2026-11-22T13:50:02') + 345;
const MARKETS = exchange.markets.map(({ market }) => market);

function bookOf(market: (typeof MARKETS)[number], level = 0n, count = 30): OrderBook {
  return orderBook(market, exchange.findView(market, nowMs)!, { level, count })!;
}

function side(book: OrderBook, name: 'askPrice' | 'bidPrice' | 'askSize' | 'bidSize'): bigint[] {
  return book.units.map((unit) => scaledOf(unit[name]));
}

const isRising = (values: readonly bigint[]): boolean =>
  values.every((value, index) => index === 0 || value > (values[index - 1] ?? 0n));
const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

describe('an order book', () => {
  it.each(MARKETS)(
    'of %s has 30 rising asks above 30 falling bids, at ticks, and sums them',
    (market) => {
      const book = bookOf(market);
      const [asks, bids] = [side(book, 'askPrice'), side(book, 'bidPrice')];
      const { tick } = exchange.findView(market, nowMs)!.tape.recording;
      expect(asks).toHaveLength(30);
      expect(isRising(asks) && isRising(bids.toReversed())).toBe(true);
      expect(asks[0]!).toBeGreaterThan(bids[0]!);
      expect([...asks, ...bids].every((price) => price > 0n && price % tick === 0n)).toBe(true);
      expect(sum(side(book, 'askSize'))).toBe(scaledOf(book.totalAskSize));
      expect(sum(side(book, 'bidSize'))).toBe(scaledOf(book.totalBidSize));
    },
  );

  it('touches the last trade on the side that was taken', () => {
    const view = exchange.findView(MARKETS[0]!, nowMs)!;
    const last = view.lastTradeBefore(Infinity)!;
    const book = bookOf(MARKETS[0]!);
    const taken = side(book, last.side === 'BID' ? 'askPrice' : 'bidPrice')[0];
    expect(taken).toBe(BigInt(last.price) * view.tape.recording.tick);
  });

  it('gathers prices to a level, asks upwards and bids downwards, and gives as many units as asked for', () => {
    const level = bookLevels(exchange.findView(MARKETS[0]!, nowMs)!)[1]!;
    const book = bookOf(MARKETS[0]!, level, 3);
    expect(book.units).toHaveLength(3);
    expect(
      [...side(book, 'askPrice'), ...side(book, 'bidPrice')].every((p) => p % level === 0n),
    ).toBe(true);
    expect(book.totalAskSize).toBe(bookOf(MARKETS[0]!).totalAskSize);
  });

  it('is the same until the next trade, in every process', () => {
    const other = new Exchange();
    const again = orderBook(MARKETS[1]!, other.findView(MARKETS[1]!, nowMs)!, {
      level: 0n,
      count: 30,
    });
    expect(again).toEqual(bookOf(MARKETS[1]!));
  });
});
