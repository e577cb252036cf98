import { types } from 'node:util';
import { type CandleStore, RedisCandleWindow } from '@candlekeep/candle-cache';
import { migrateCandleStore, PostgresCandleStore } from '@candlekeep/candle-store';
import type { Pool } from '@candlekeep/postgres';
import type { RedisConnection } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { openOwnCacheRedis } from '../support/own-cache-redis';
import { redisDatabases } from '../support/redis-databases';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';
import type { ReplayTiers } from './preload-house';
import type { ReplayClock } from './replay-clock';
import { inVirtualTime } from './virtual-limiter';

const TIME_KEY = 'preload-bench:cache-time';

/** L1 in Redis and L2 in Postgres; what they work on holds virtual time. */
export class RealTiers {
  private constructor(
    private readonly redis: RedisConnection,
    private readonly scratch: ScratchDatabase,
    private readonly pool: Pool,
  ) {}

  static async open(): Promise<RealTiers> {
    const redis = await openOwnCacheRedis(redisDatabases.preloadBench);
    const scratch = await createScratchDatabase();
    const pool = scratch.connect();
    await migrateCandleStore(pool, silentLogger);
    return new RealTiers(redis, scratch, pool);
  }

  /** Nothing is known. */
  async tiersOf(clock: ReplayClock): Promise<ReplayTiers> {
    await this.redis.flushdb();
    await this.pool.query('DELETE FROM candles; DELETE FROM coverage');
    const connection = inVirtualTime(this.redis, clock, TIME_KEY);
    const window = new RedisCandleWindow(connection, clock, {});
    const store = inStillTime(new PostgresCandleStore(this.pool), clock);
    return { window, store, loseL1: () => this.loseL1() };
  }

  private async loseL1(): Promise<void> {
    await this.redis.flushdb();
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    await this.scratch.drop();
  }
}

/** Each question to the store holds the time until it is answered. */
function inStillTime(store: CandleStore, clock: ReplayClock): CandleStore {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const result: unknown = Reflect.apply(value, target, args);
        if (types.isPromise(result)) return clock.hold(result);
        return isPortions(result) ? eachHeld(result, clock) : result;
      };
    },
  });
}

function isPortions(result: unknown): result is AsyncIterable<unknown> {
  return typeof result === 'object' && result !== null && Symbol.asyncIterator in result;
}

async function* eachHeld(
  portions: AsyncIterable<unknown>,
  clock: ReplayClock,
): AsyncIterable<unknown> {
  const iterator = portions[Symbol.asyncIterator]();
  for (;;) {
    const portion = await clock.hold(iterator.next());
    if (portion.done === true) return;
    yield portion.value;
  }
}
