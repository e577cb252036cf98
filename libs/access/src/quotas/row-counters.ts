import { forgetPoison, keys, readOwnText, type RedisConnection } from '@candlekeep/redis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Quota, QuotaWindow } from './quota';
import { LONGEST_CLOSED_MS, settleRows } from './settle';

/** What the counters of all gateways said when rows were asked of them. */
export type Draw =
  | {
      readonly kind: 'granted';
      /** Rows of the minute that nobody has drawn yet. */
      readonly remaining: number;
      /** When the minute begins anew, ms from now. */
      readonly resetMs: number;
    }
  | {
      readonly kind: 'spent';
      /** The window that keeps the caller longest. */
      readonly window: keyof Quota;
      readonly retryAfterMs: number;
    };

/** What is given back to a minute that has ended meanwhile would begin the next one below zero. Longer than a command may take. */
const SURELY_LASTS_MS = 5_000;

/** The counters of keys of one quota: in Redis, shared by all gateways; in this process' memory while Redis is away. */
export class RowCounters {
  private readonly sustained: RateLimiterRedis;
  private readonly burst: RateLimiterRedis;

  constructor(
    private readonly quota: Quota,
    private readonly redis: RedisConnection,
  ) {
    this.sustained = limiterOf('sustained', quota.sustained, redis);
    this.burst = limiterOf('burst', quota.burst, redis);
  }

  /** Takes rows off both windows, or neither has so many left. */
  async draw(keyId: string, rows: number): Promise<Draw> {
    await this.clear(keyId);
    const [minute, burst] = await Promise.all([
      drawn(this.sustained, keyId, rows),
      drawn(this.burst, keyId, rows),
    ]);
    // The minute comes first: it keeps the caller longer than any burst.
    if (minute.isSpent) return spent('sustained', minute.resetMs);
    if (burst.isSpent) {
      if (minute.resetMs > SURELY_LASTS_MS) await this.sustained.reward(keyId, rows);
      return spent('burst', burst.resetMs);
    }
    return { kind: 'granted', remaining: minute.remaining, resetMs: minute.resetMs };
  }

  /**
   * Takes off what was answered already, whatever is left. What is beyond the minute keeps it closed for as long as it takes at the even
   * pace, a day at most.
   */
  async settle(keyId: string, rows: number): Promise<void> {
    await this.clear(keyId);
    if (this.redis.status === 'ready') {
      const names = { sustained: this.sustained.getKey(keyId), burst: this.burst.getKey(keyId) };
      const { quota } = this;
      const isSettled = await settleRows(this.redis, names, { quota, rows }).then(
        () => true,
        () => false,
      );
      if (isSettled) return;
    }
    await this.settleHere(keyId, rows);
  }

  /** Without Redis the limiters count in memory. */
  private async settleHere(keyId: string, rows: number): Promise<void> {
    const { rows: allowed, seconds } = this.quota.sustained;
    if (rows > allowed) {
      const closedSeconds = Math.ceil((rows / allowed) * seconds);
      await this.sustained.block(keyId, Math.min(closedSeconds, LONGEST_CLOSED_MS / 1_000));
      return;
    }
    await Promise.all([this.sustained.penalty(keyId, rows), this.burst.penalty(keyId, rows)]);
  }

  /**
   * What is no counter would have each gateway count alone, for good: it is taken away, and its window begins anew. While Redis is away
   * there is nothing to look at.
   */
  private async clear(keyId: string): Promise<void> {
    if (this.redis.status !== 'ready') return;
    const names = [this.sustained, this.burst].map((limiter) => limiter.getKey(keyId));
    await Promise.all(names.map((name) => this.clearOne(name))).catch(() => undefined);
  }

  private async clearOne(name: string): Promise<void> {
    const { redis } = this;
    const [count, leftMs] = await Promise.all([
      readOwnText(redis, name, requireCount),
      redis.pttl(name),
    ]);
    if (count === undefined || leftMs <= LONGEST_CLOSED_MS) return;
    const error = new RangeError(`a counter of rows ends in ${leftMs} ms: expected a day at most`);
    await forgetPoison(redis, { keys: [name], error });
  }
}

function requireCount(text: string): number {
  if (/^\d{1,16}$/.test(text)) return Number(text);
  throw new TypeError(`"${text}" counts no rows: expected a whole number of at least 0`);
}

function limiterOf(
  name: string,
  { rows, seconds }: QuotaWindow,
  redis: RedisConnection,
): RateLimiterRedis {
  const limit = { points: rows, duration: seconds };
  return new RateLimiterRedis({
    ...limit,
    storeClient: redis,
    keyPrefix: keys.quota(name),
    // Without waiting for a server that is known to be away.
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory({ ...limit, keyPrefix: name }),
  });
}

function spent(window: keyof Quota, resetMs: number): Draw {
  return { kind: 'spent', window, retryAfterMs: Math.max(1, resetMs) };
}

async function drawn(limiter: RateLimiterRedis, keyId: string, rows: number) {
  try {
    const { remainingPoints, msBeforeNext } = await limiter.consume(keyId, rows);
    return { isSpent: false, remaining: remainingPoints, resetMs: msBeforeNext };
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    return { isSpent: true, remaining: 0, resetMs: error.msBeforeNext };
  }
}
