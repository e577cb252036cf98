import { type CandleStore, RedisCandleWindow } from '@candlekeep/candle-cache';
import { migrateCandleStore, PostgresCandleStore } from '@candlekeep/candle-store';
import { type Clock, SystemClock } from '@candlekeep/clock';
import { type Series, seriesName } from '@candlekeep/market';
import type { Pool } from '@candlekeep/postgres';
import { keys, openRedis, type RedisConnection, type RedisRole } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { MovableRedisTime } from '../support/movable-redis-time';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';
import { redisCacheUrl } from '../support/servers';
import { HeardChanges } from './heard-changes';
import { redisDatabases } from '../support/redis-databases';

/** A database number of the model's own: it empties it. */
const REDIS_DATABASE = redisDatabases.model;
const TIME_KEY = 'model:time';

/** Which keys of a series are lost. */
export type LostPart = 'rows' | 'meta' | 'both';

/** What a window may hold; small ones trim and evict. */
export interface WindowSize {
  readonly maxRows: number;
  readonly maxBytes: number;
}

/** The real servers of the model, shared by all its runs. */
export class Tiers {
  private movedTo = 0;

  private readonly movable: MovableRedisTime;
  readonly store: CandleStore;

  private readonly redis: RedisConnection;
  /** What L1 tells of its changes. */
  readonly changes: HeardChanges;

  private constructor(
    private readonly links: Links,
    private readonly pool: Pool,
    private readonly scratch: ScratchDatabase,
  ) {
    const { redis, changes } = links;
    this.redis = redis;
    this.changes = changes;
    this.movable = new MovableRedisTime(redis, TIME_KEY);
    this.store = new PostgresCandleStore(pool);
  }

  static async open(): Promise<Tiers> {
    const [redis, subscriber] = [openModelRedis('command'), openModelRedis('subscriber')];
    const changes = await HeardChanges.listen({ redis, subscriber, clock: new SystemClock() });
    const scratch = await createScratchDatabase();
    const pool = scratch.connect();
    await migrateCandleStore(pool, silentLogger);
    // The model kills processes, not servers: what is committed need not wait for the disk.
    const name = new URL(scratch.url).pathname.slice(1);
    await pool.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    return new Tiers({ redis, subscriber, changes }, scratch.connect(), scratch);
  }

  openWindow(clock: Clock, size: WindowSize): RedisCandleWindow {
    return new RedisCandleWindow(this.movable.connection, clock, size);
  }

  /** Nothing is known, in either tier. */
  async empty(): Promise<void> {
    await this.flushCache();
    await this.pool.query('DELETE FROM candles; DELETE FROM coverage');
  }

  async moveTo(cacheMs: number): Promise<void> {
    if (cacheMs === this.movedTo) return;
    this.movedTo = cacheMs;
    await this.movable.moveTo(cacheMs);
  }

  async flushCache(): Promise<void> {
    await this.redis.flushdb();
    await this.movable.moveTo(this.movedTo);
  }

  async dropKeys(series: Series, which: LostPart): Promise<void> {
    const name = seriesName(series);
    const rows = which === 'meta' ? [] : [keys.seriesRows(name)];
    const meta = which === 'rows' ? [] : [keys.seriesMeta(name)];
    await this.redis.del(...rows, ...meta);
  }

  async close(): Promise<void> {
    await this.changes.close();
    this.links.subscriber.disconnect();
    this.redis.disconnect();
    await this.scratch.drop();
  }
}

interface Links {
  readonly redis: RedisConnection;
  readonly subscriber: RedisConnection;
  readonly changes: HeardChanges;
}

function openModelRedis(role: RedisRole): RedisConnection {
  return openRedis({
    url: `${redisCacheUrl()}/${REDIS_DATABASE}`,
    role,
    name: 'model',
    onError: (error) => {
      throw error;
    },
  });
}
