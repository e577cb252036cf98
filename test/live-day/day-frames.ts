import { type MarketCode, parseMarketCode, type TimeRange } from '@candlekeep/market';
import { type OrderBook, orderBook } from '../../apps/exchange-simulator/src/quotes/order-book';
import { bookMoves } from '../../apps/exchange-simulator/src/quotes/book-pace';
import { type Channel, findChannel } from '../../apps/exchange-simulator/src/stream/channel';
import type { Frame } from '../../apps/exchange-simulator/src/stream/frame';
import type { MarketStream } from '../../apps/exchange-simulator/src/stream/market-stream';
import { orderBookFrame } from '../../apps/exchange-simulator/src/stream/order-book-frame';
import type { OutgoingFrame } from '../../apps/exchange-simulator/src/stream/outbox';
import type { DayWorld } from './day-world';

/** A frame and when it leaves the exchange, epoch ms. */
export interface LeavingFrame extends OutgoingFrame {
  readonly leaveMs: number;
}

const CHANNELS = ['candle.1m', 'trade', 'ticker', 'candle.1s'].flatMap(
  (type) => findChannel(type) ?? [],
);
/** Busy markets that tell of their order books, followed or not. */
export const PULSE = ['KRW-BTC', 'KRW-ETH', 'KRW-SOL'].map(parseMarketCode);
const SENT = /"timestamp":(\d+)/;

/** What the simulator's stream tells about some markets, frame by frame. */
export class DayFrames {
  private readonly streams: readonly MarketStream[];

  /** Of a book only the instant is read: one of each market does for all of its day. */
  private readonly books = new Map<MarketStream, OrderBook>();

  constructor(world: DayWorld, markets: readonly MarketCode[], nowMs: number) {
    this.streams = markets.map((market) => world.stream(market));
    for (const market of PULSE) {
      const stream = world.stream(market);
      const book = orderBook(market, stream.view(nowMs), { level: 0n, count: 1 });
      if (book !== undefined) this.books.set(stream, book);
    }
  }

  /** What answers a subscription at this instant. */
  snapshots(nowMs: number): LeavingFrame[] {
    return CHANNELS.flatMap((channel) =>
      this.streams.flatMap((stream) => {
        const frame = stream.snapshot(channel, nowMs);
        return frame === undefined ? [] : [leaving(frame, nowMs)];
      }),
    );
  }

  /** What leaves within a second that begins at a full one, in its order. */
  within(second: TimeRange): LeavingFrame[] {
    const frames = CHANNELS.flatMap((channel) =>
      this.streams.flatMap((stream) =>
        stream
          .realtime(channel, second)
          .map((frame) => leaving(frame, leaveMsOf(frame, channel, second))),
      ),
    );
    const books = [...this.books].flatMap(([stream, book]) => booksWithin(stream, book, second));
    return [...frames, ...books].sort((a, b) => a.leaveMs - b.leaveMs);
  }
}

/** Books change with trades, and when orders come or go. */
function booksWithin({ tape, schedule }: MarketStream, book: OrderBook, second: TimeRange) {
  const trades = schedule.storedWithin(second).map(({ storedMs }) => storedMs);
  const changes = [...new Set([...trades, ...bookMoves(tape.recording, second)])];
  return changes.map((timestampMs) =>
    leaving(orderBookFrame({ ...book, timestampMs }, 'REALTIME'), timestampMs),
  );
}

/** Candles leave at full seconds; other frames say when. */
function leaveMsOf(frame: Frame, { kind }: Channel, { fromMs }: TimeRange): number {
  if (kind === 'candle') return fromMs;
  return Number(SENT.exec(frame.bytes('DEFAULT').toString())?.[1]);
}

function leaving(frame: Frame, leaveMs: number): LeavingFrame {
  return { type: frame.type, code: frame.code, bytes: frame.bytes('DEFAULT'), leaveMs };
}
