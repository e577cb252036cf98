import { SystemClock } from '@candlekeep/clock';
import {
  FeedListener,
  FeedPublisher,
  type HeadChange,
  KeptFrames,
  type LiveStatus,
} from '@candlekeep/feed';
import type { MarketCode } from '@candlekeep/market';
import { openRedis, type RedisConnection, type RedisRole } from '@candlekeep/redis';
import { LogRecorder } from '../log-recorder';

const clock = new SystemClock();

/** A telling and a hearing side of the feed on one server, with what the hearing side was told. */
export class FeedSides {
  readonly log = new LogRecorder();
  readonly publisher: FeedPublisher;
  readonly listener: FeedListener;
  readonly heads: (readonly HeadChange[])[] = [];
  readonly events: string[] = [];

  private constructor(
    readonly redis: RedisConnection,
    readonly subscriber: RedisConnection,
  ) {
    this.publisher = new FeedPublisher({ redis, clock, log: this.log });
    this.listener = new FeedListener({ subscriber, clock, log: this.log });
  }

  static async open(url: string): Promise<FeedSides> {
    const connect = (role: RedisRole): RedisConnection =>
      openRedis({ url, role, name: 'test-feed', onError: () => undefined });
    const sides = new FeedSides(connect('command'), connect('subscriber'));
    await sides.listener.start({
      headsChanged: (changes) => sides.heads.push(changes),
      lost: () => sides.events.push('lost'),
      back: () => sides.events.push('back'),
    });
    return sides;
  }

  get kept(): KeptFrames {
    return new KeptFrames(this.redis);
  }

  async close(): Promise<void> {
    await this.publisher.close();
    await this.listener.close();
    this.redis.disconnect();
    this.subscriber.disconnect();
  }
}

/** A trade as the exchange would tell it. */
export function tradeFrame(market: MarketCode, id: number, atMs = clock.nowMs()): string {
  return `{"type":"trade","code":"${market}","timestamp":${atMs},"trade_price":91361000.0,"trade_volume":0.01275549,"ask_bid":"ASK","sequential_id":1785395043779${String(id).padStart(4, '0')},"stream_type":"REALTIME"}`;
}

/** A ticker as the exchange would tell it; `price` as text keeps its digits. */
export function tickerFrame(market: MarketCode, price: string, atMs = clock.nowMs()): string {
  return `{"type":"ticker","code":"${market}","trade_price":${price},"change_price":0E-8,"trade_date":"20250926","timestamp":${atMs},"acc_trade_price_24h":331188513477.17233,"stream_type":"REALTIME"}`;
}

/** The status of a leader that follows these markets. */
export function statusOf(...markets: readonly MarketCode[]): LiveStatus {
  const atMs = clock.nowMs();
  return {
    ...{ leader: 'live-1', token: 7, sinceMs: atMs - 1_000, atMs },
    stream: { state: 'steady', ageMs: 12, lagMs: 40 },
    markets: markets.map((market) => ({
      ...{ market, lastFrameAgeMs: 12, provenance: { native: 1, stream: 2, rest: 3 } },
      ...{ proven: 2, empty: 1, doubtful: 0, corrections: 0, mode: 'stream' },
    })),
  };
}
