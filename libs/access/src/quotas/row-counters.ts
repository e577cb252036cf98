import { keys, type RedisConnection } from '@candlekeep/redis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Quota, QuotaWindow } from './quota';

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

/** The counters of keys of one quota: in Redis, shared by all gateways; in this process' memory while Redis is away. */
export class RowCounters {
  private readonly sustained: RateLimiterRedis;
  private readonly burst: RateLimiterRedis;

  constructor(
    private readonly quota: Quota,
    redis: RedisConnection,
  ) {
    this.sustained = limiterOf('sustained', quota.sustained, redis);
    this.burst = limiterOf('burst', quota.burst, redis);
  }

  /** Takes rows off both windows, or neither has so many left. */
  async draw(keyId: string, rows: number): Promise<Draw> {
    const [minute, burst] = await Promise.all([
      drawn(this.sustained, keyId, rows),
      drawn(this.burst, keyId, rows),
    ]);
    // The minute comes first: it keeps the caller longer than any burst.
    if (minute.isSpent) return spent('sustained', minute.resetMs);
    if (burst.isSpent) return spent('burst', burst.resetMs);
    return { kind: 'granted', remaining: minute.remaining, resetMs: minute.resetMs };
  }

  /** Takes off what was answered already, whatever is left. More than a whole minute's rows close as many minutes. */
  async settle(keyId: string, rows: number): Promise<void> {
    const { rows: allowed, seconds } = this.quota.sustained;
    if (rows > allowed) {
      await this.sustained.block(keyId, Math.ceil((rows / allowed) * seconds));
      return;
    }
    await Promise.all([this.sustained.penalty(keyId, rows), this.burst.penalty(keyId, rows)]);
  }
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
