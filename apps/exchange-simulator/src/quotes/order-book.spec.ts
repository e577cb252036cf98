import { parseIsoSeconds, parseMarketCode, scaledOf } from '@candlekeep/market';
import { Exchange } from '../exchange';
import type { Recording } from '../tape/recording';
import { bookMoves, lastBookMove } from './book-pace';
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

  it('is the same until a trade or an order changes it, in every process', () => {
    const other = new Exchange();
    const bookAt = (atMs: number): unknown =>
      orderBook(MARKETS[1]!, other.findView(MARKETS[1]!, atMs)!, { level: 0n, count: 30 });
    const book = bookOf(MARKETS[1]!);
    expect(bookAt(nowMs)).toEqual(book);
    expect(bookAt(book.timestampMs)).toEqual(book);
    expect(bookAt(book.timestampMs - 1)).not.toEqual(book);
  });

  it('keeps its prices from one trade to the next, while its sizes change', () => {
    const trade = exchange.findView(MARKETS[0]!, nowMs)!.lastTradeBefore(Infinity)!;
    const { recording } = exchange.findView(MARKETS[0]!, nowMs)!.tape;
    const moves = bookMoves(recording, { fromMs: trade.storedMs, untilMs: nowMs });
    const books = moves.map((atMs) => {
      const view = exchange.findView(MARKETS[0]!, atMs)!;
      return orderBook(MARKETS[0]!, view, { level: 0n, count: 30 })!;
    });
    expect(books.length).toBeGreaterThan(1);
    expect(books.map(({ timestampMs }) => timestampMs)).toEqual(moves);
    expect(new Set(books.map((book) => side(book, 'askPrice').join())).size).toBe(1);
    expect(new Set(books.map(({ totalAskSize }) => totalAskSize)).size).toBe(books.length);
  });
});

describe('the pace of order books', () => {
  const minuteMs = 60_000;
  const recordingOf = (market: (typeof MARKETS)[number]): Recording =>
    exchange.findView(market, nowMs)!.tape.recording;

  it('is about two changes a second in a busy market, and a third of that in a thin one', () => {
    const rateOf = (market: (typeof MARKETS)[number]): number => {
      const hour = { fromMs: nowMs, untilMs: nowMs + 60 * minuteMs };
      return bookMoves(recordingOf(market), hour).length / 3_600;
    };
    const thin = parseMarketCode('KRW-KNC');
    for (const market of MARKETS.filter((other) => other !== thin)) {
      expect(rateOf(market)).toBeGreaterThan(1.9);
      expect(rateOf(market)).toBeLessThan(2.4);
    }
    expect(rateOf(thin)).toBeGreaterThan(0.5);
    expect(rateOf(thin)).toBeLessThan(0.9);
  });

  it('is the same in whatever steps the time passes, and seen from its end', () => {
    const recording = recordingOf(MARKETS[2]!);
    const range = { fromMs: nowMs, untilMs: nowMs + minuteMs };
    const moves = bookMoves(recording, range);
    const inSteps = Array.from({ length: 600 }, (_, step) => nowMs + step * 100).flatMap((fromMs) =>
      bookMoves(recording, { fromMs, untilMs: fromMs + 100 }),
    );
    expect(inSteps).toEqual(moves);
    expect(lastBookMove(recording, range)).toBe(moves.at(-1));
    expect(lastBookMove(recording, { ...range, untilMs: moves[1]! })).toBe(moves[0]);
    expect(lastBookMove(recording, { ...range, untilMs: moves[0]! })).toBeUndefined();
  });
});
