import type { Clock } from '@candlekeep/clock';
import type { MarketCode } from '@candlekeep/market';
import { keys, type RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import {
  frameLine,
  type FrameKind,
  framesMessage,
  type HeadChange,
  headsMessage,
} from './feed-message';
import { KeptFrames } from './kept-frames';
import { type LiveStatus, writeStatus } from './live-status';

export interface FeedPublisherParts {
  /** `command` connection to the queue server. It belongs to whoever opened it. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
}

const KEEP_EVERY_MS = 1_000;

/**
 * The telling side of the feed. Messages are for whoever listens now: while the server is away they are dropped and counted,
 * never held back, and the log has one line when that begins and one when it is over.
 */
export class FeedPublisher {
  private readonly kept: KeptFrames;
  private readonly stopKeeping: () => void;
  /** Frames of this turn of the event loop, by channel. */
  private gathered = new Map<string, string[]>();
  private keeping = Promise.resolve();
  private dropped = 0;

  constructor(private readonly parts: FeedPublisherParts) {
    this.kept = new KeptFrames(parts.redis);
    this.stopKeeping = parts.clock.every(KEEP_EVERY_MS, () => {
      this.keep();
    });
  }

  /** Tells that these markets' newest rows were seen anew: one message, whatever their number. */
  headsChanged(changes: readonly HeadChange[]): void {
    if (changes.length > 0) this.publish(keys.feedHeads(this.database), headsMessage(changes));
  }

  /** Passes a frame on, `text` being the exchange's own JSON in its DEFAULT format. Frames of one turn leave together, in their order. */
  frame(kind: FrameKind, market: MarketCode, text: string): void {
    const line = frameLine(text);
    this.kept.remember(kind, market, line);
    if (this.gathered.size === 0) queueMicrotask(this.flush);
    const channel = keys.feedFrames(kind, market, this.database);
    const lines = this.gathered.get(channel);
    if (lines === undefined) this.gathered.set(channel, [line]);
    else lines.push(line);
  }

  /** Tells how the leader stands; to be renewed every second or two. Rejects with ioredis' error. */
  async status(status: LiveStatus): Promise<void> {
    await writeStatus(this.parts.redis, status);
  }

  /** Sends what was gathered and keeps the last frames. */
  async close(): Promise<void> {
    this.stopKeeping();
    this.flush();
    this.keep();
    await this.keeping;
  }

  private get database(): number {
    return this.parts.redis.options.db ?? 0;
  }

  private readonly flush = (): void => {
    const { gathered } = this;
    this.gathered = new Map();
    for (const [channel, lines] of gathered) this.publish(channel, framesMessage(lines));
  };

  private publish(channel: string, message: string): void {
    const { redis } = this.parts;
    if (redis.status !== 'ready') {
      this.drop(new Error(`the connection is ${redis.status}`));
      return;
    }
    redis.publish(channel, message).then(
      () => {
        this.heedDelivery();
      },
      (error: unknown) => {
        this.drop(error);
      },
    );
  }

  /** Writes of kept frames follow each other: one that takes long is not overtaken. */
  private keep(): void {
    if (this.parts.redis.status !== 'ready') return;
    this.keeping = this.keeping
      .then(() => this.kept.write())
      .catch((error: unknown) => {
        this.drop(error);
      });
  }

  private drop(error: unknown): void {
    this.dropped += 1;
    if (this.dropped > 1) return;
    this.parts.log.warn('the feed cannot be told: its messages are dropped for now', { error });
  }

  private heedDelivery(): void {
    if (this.dropped === 0) return;
    this.parts.log.info('the feed is told again', { dropped: this.dropped });
    this.dropped = 0;
  }
}
