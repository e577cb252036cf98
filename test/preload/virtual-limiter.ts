import { types } from 'node:util';
import { SystemClock } from '@candlekeep/clock';
import type { CallLimiter } from '@candlekeep/exchange-client';
import { RateLimiter } from '@candlekeep/rate-limiter';
import { openRedis, type RedisConnection } from '@candlekeep/redis';
import { forgetBudgets } from '../support/forget-budgets';
import { MovableRedisTime } from '../support/movable-redis-time';
import { redisUrl } from '../support/servers';
import type { ReplayClock } from './replay-clock';

/** The real limiter over the real server, whose scripts see virtual time; commands under way hold that time. */
export class VirtualLimiters {
  /** Runs side by side do not meet. */
  private readonly egressId = `preload-bench-${new SystemClock().token()}`;
  private readonly timeKey = `${this.egressId}:time`;

  private constructor(private readonly redis: RedisConnection) {}

  static open(): VirtualLimiters {
    const onError = (error: Error): void => {
      throw error;
    };
    return new VirtualLimiters(
      openRedis({ url: redisUrl(), role: 'command', name: 'preload-bench', onError }),
    );
  }

  /** A limiter without memory, as after the first start. */
  async limiterOf(clock: ReplayClock): Promise<CallLimiter> {
    await forgetBudgets(this.redis, this.egressId);
    const connection = inVirtualTime(this.redis, clock, this.timeKey);
    return new RateLimiter(connection, { egressId: this.egressId, group: 'candles' }, clock);
  }

  async close(): Promise<void> {
    await forgetBudgets(this.redis, this.egressId);
    await this.redis.del(this.timeKey);
    this.redis.disconnect();
  }
}

/** The connection, whose scripts see the clock's time and whose commands hold it. */
export function inVirtualTime(
  redis: RedisConnection,
  clock: ReplayClock,
  timeKey: string,
): RedisConnection {
  const held = eachCall(redis, (call) => {
    const reply = call();
    return types.isPromise(reply) ? clock.hold(reply) : reply;
  });
  const movable = new MovableRedisTime(held, timeKey);
  return eachCall(movable.connection, (call, name) => {
    // On the same connection: the server takes them in this order.
    if (name === 'evalsha' || name === 'eval') void movable.moveTo(clock.nowMs());
    return call();
  });
}

function eachCall(
  redis: RedisConnection,
  around: (call: () => unknown, name: string) => unknown,
): RedisConnection {
  return new Proxy(redis, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      return (...args: unknown[]): unknown =>
        around((): unknown => Reflect.apply(value, target, args), name);
    },
  });
}
