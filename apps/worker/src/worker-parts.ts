import { CandleWindow, TextAnswerCache } from '@candlekeep/candle-cache';
import { migrateCandleStore, PostgresCandleStore } from '@candlekeep/candle-store';
import { type LimitGroup, UpbitRestClient } from '@candlekeep/exchange-client';
import { FetchConsumer } from '@candlekeep/jobs';
import { type Closable, closeAll, type ReadinessChecks, requireParts } from '@candlekeep/lifecycle';
import { createPool } from '@candlekeep/postgres';
import { RateLimiter } from '@candlekeep/rate-limiter';
import { type RedisConnection, RedisConnections } from '@candlekeep/redis';
import { background } from '@candlekeep/telemetry';
import { version } from '../../../package.json';
import { PageFetcher } from './page-fetcher';
import type { WorkerStart } from './start-worker';
import { TextFetcher } from './text-fetcher';

/** A worker that takes jobs. */
export interface WorkerParts extends Closable {
  readonly readiness: ReadinessChecks;
}

/** Opens the tiers (migrating the schema) and the exchange, then begins to take jobs; closes what it opened when one fails. */
export async function openWorkerParts(start: WorkerStart): Promise<WorkerParts> {
  const links = openLinks(start);
  try {
    await requireParts(links.readiness, start.clock);
    await migrateCandleStore(links.pool, start.log);
    await links.consumer.start();
  } catch (error) {
    await links.close();
    throw error;
  }
  return links;
}

function openLinks(start: WorkerStart) {
  const { env, log, clock } = start;
  const redis = new RedisConnections('worker', log);
  const queueRedis = redis.open(env.REDIS_URL, 'command');
  const cacheRedis = redis.open(env.REDIS_CACHE_URL ?? env.REDIS_URL, 'command');
  const pool = createPool({
    url: env.DATABASE_URL,
    applicationName: 'candlekeep-worker',
    onError: (error) => {
      log.warn('an idle Postgres connection broke', { error });
    },
  });
  const exchange = openExchange(start, queueRedis);
  const store = new PostgresCandleStore(pool);
  const window = new CandleWindow(cacheRedis, clock);
  const pages = new PageFetcher({ exchange, store, window, clock, log });
  const texts = new TextFetcher({ exchange, cache: new TextAnswerCache(cacheRedis), clock });
  const consumer = new FetchConsumer({
    redis: redis.open(env.REDIS_URL, 'blocking'),
    publisher: queueRedis,
    handle: (job, signal) =>
      job.kind === 'head' || job.kind === 'tile'
        ? pages.fetch(job, signal)
        : texts.fetch(job, signal),
    clock,
    log,
  });
  const close = () =>
    closeAll([
      redis,
      { close: () => pool.end() },
      {
        close: () => {
          exchange.close();
          return Promise.resolve();
        },
      },
      consumer,
    ]);
  const readiness = {
    REDIS_URL: () => redis.reach(queueRedis),
    REDIS_CACHE_URL: () => redis.reach(cacheRedis),
    DATABASE_URL: () => pool.query('SELECT 1'),
  };
  return { pool, consumer, readiness, close };
}

function openExchange({ env, log, clock }: WorkerStart, redis: RedisConnection): UpbitRestClient {
  const limiterOf = (group: LimitGroup) => {
    const limiter = new RateLimiter(redis, { egressId: env.EGRESS_ID, group }, clock);
    // A limiter without memory grants nothing for a second: let that second begin now, not with the first caller.
    background(log, `waking the limiter of ${group}`, wake(limiter));
    return limiter;
  };
  return new UpbitRestClient({
    baseUrl: env.UPBIT_REST_URL,
    version,
    limiters: {
      candles: limiterOf('candles'),
      market: limiterOf('market'),
      ticker: limiterOf('ticker'),
      'crix-trades': limiterOf('crix-trades'),
      orderbook: limiterOf('orderbook'),
    },
    clock,
    log,
  });
}

async function wake(limiter: RateLimiter): Promise<void> {
  const outcome = await limiter.tryTake();
  if (outcome.kind === 'granted') await limiter.release(outcome.permit);
}
