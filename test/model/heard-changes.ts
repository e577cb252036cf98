import { type WindowChange, WindowChanges } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { parseMarketCode } from '@candlekeep/market';
import { keys, type RedisConnection } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';

/** Told by the model itself: what was told before it has been heard. */
const MARKER = parseMarketCode('KRW-MARKER');

/** What L1 tells of its changes, over a real subscription, up to a moment that the model chooses. */
export class HeardChanges {
  private heard: WindowChange[] = [];
  private markers = 0;
  private readonly waiting = new Map<string, () => void>();

  private constructor(
    private readonly redis: RedisConnection,
    private readonly changes: WindowChanges,
  ) {}

  static async listen(parts: {
    readonly redis: RedisConnection;
    readonly subscriber: RedisConnection;
    readonly clock: Clock;
  }): Promise<HeardChanges> {
    const { redis, subscriber, clock } = parts;
    const changes = new WindowChanges({ subscriber, clock, log: silentLogger });
    const all = new HeardChanges(redis, changes);
    await changes.start({
      changed: (change) => {
        all.note(change);
      },
      lost: () => undefined,
      back: () => undefined,
    });
    return all;
  }

  /** What was told since the last time, up to now. */
  async take(): Promise<readonly WindowChange[]> {
    this.markers += 1;
    const mark = String(this.markers);
    const arrived = new Promise<void>((resolve) => this.waiting.set(mark, resolve));
    const channel = keys.windowChanges(this.redis.options.db ?? 0);
    await this.redis.publish(channel, `revision ${MARKER}:1m ${mark}`);
    await arrived;
    const { heard } = this;
    this.heard = [];
    return heard;
  }

  async close(): Promise<void> {
    await this.changes.close();
  }

  private note(change: WindowChange): void {
    if (change.market !== MARKER || change.kind !== 'revision') {
      this.heard.push(change);
      return;
    }
    this.waiting.get(change.revision)?.();
    this.waiting.delete(change.revision);
  }
}
