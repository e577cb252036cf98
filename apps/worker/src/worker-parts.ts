import { RedisCandleWindow, TextAnswerCache } from '@candlekeep/candle-cache';
import { migrateCandleStore, PostgresCandleStore } from '@candlekeep/candle-store';
import { migrateHistory } from '@candlekeep/history';
import { FetchConsumer } from '@candlekeep/jobs';
import {
  type Closable,
  closeAll,
  closeTogether,
  readBuild,
  type ReadinessChecks,
  requireParts,
} from '@candlekeep/lifecycle';
import { LogLevels } from '@candlekeep/log-levels';
import { createPool } from '@candlekeep/postgres';
import { migratePreloads, RunBook } from '@candlekeep/preloader';
import { readServerFacts, RedisConnections } from '@candlekeep/redis';
import { migrateStrategies, StrategyBook } from '@candlekeep/strategies';
import { Tracing } from '@candlekeep/telemetry';
import { migrateUsage } from '@candlekeep/usage';
import { version } from '../../../package.json';
import { FetchRunner } from './fetch-runner';
import { openHistory } from './history/open-history';
import { Metering } from './metrics/metering';
import { openExchange } from './open-exchange';
import { PageFetcher } from './page-fetcher';
import { loadStrategies } from './preload/load-strategies';
import { openPreloading } from './preload/open-preloading';
import { warnOfEviction } from './queue-memory';
import { RevisionNews } from './revision-news';
import { SeriesFolder } from './series-folder';
import type { WorkerStart } from './env';
import { TextFetcher } from './text-fetcher';

/** A worker that takes jobs. */
export interface WorkerParts extends Closable {
  readonly metering: Metering;
  readonly readiness: ReadinessChecks;
}

/** Opens the tiers (migrating the schema) and the exchange, then begins to take jobs; closes what it opened when one fails. */
export async function openWorkerParts(start: WorkerStart): Promise<WorkerParts> {
  const { env: settings, clock, log } = start;
  const links = openLinks(start, await Tracing.open({ settings, version, clock, log }));
  try {
    await requireParts(links.readiness, start);
    links.wakeLimiters();
    warnOfEviction(await readServerFacts(links.queue), start.log);
    start.phase.enter('migrating');
    await migrateCandleStore(links.pool, start.log);
    await migrateHistory(links.pool, start.log);
    await migrateStrategies(links.pool, start.log);
    await migrateUsage(links.pool, start.log);
    await migratePreloads(links.pool, start.log);
    start.phase.enter('warming');
    await loadStrategies({
      ...{ folder: start.env.STRATEGIES_DIR, log: start.log },
      strategies: new StrategyBook(links.pool),
      runs: new RunBook(links.pool, start.clock),
    });
    await links.consumer.start();
    await links.history.start();
    await links.preloading.start();
  } catch (error) {
    await links.close();
    throw error;
  }
  return links;
}

function openLinks(start: WorkerStart, tracing: Tracing) {
  const servers = openServers(start);
  const work = openWork(start, { ...servers, tracing });
  const { pool, queue, readiness } = servers;
  return { ...work, pool, queue, readiness, close: () => closeAll([tracing, servers, work]) };
}

/** Connections to everything but the exchange; they connect in the background. */
function openServers({ env, log }: WorkerStart) {
  const redis = new RedisConnections('worker', log);
  const queue = redis.open(env.REDIS_URL, 'command');
  const cache = redis.open(env.REDIS_CACHE_URL ?? env.REDIS_URL, 'command');
  const pool = createPool({
    url: env.DATABASE_URL,
    applicationName: 'candlekeep-worker',
    onError: (error) => {
      log.warn('an idle Postgres connection broke', { error });
    },
  });
  return {
    ...{ pool, queue, cache, connections: redis },
    subscriber: redis.open(env.REDIS_URL, 'subscriber'),
    openSubscriber: () => redis.open(env.REDIS_URL, 'subscriber'),
    openBlocking: () => redis.open(env.REDIS_URL, 'blocking'),
    readiness: {
      REDIS_URL: () => redis.reach(queue),
      REDIS_CACHE_URL: () => redis.reach(cache),
      DATABASE_URL: () => pool.query('SELECT 1'),
    },
    close: () => closeAll([redis, { close: () => pool.end() }]),
  };
}

/** What is counted, and told to the day. */
function openMetering(
  { env, clock, log }: WorkerStart,
  { pool, queue: redis, connections }: ReturnType<typeof openServers>,
): Metering {
  const build = readBuild(env.BUILD_COMMIT);
  const metering = new Metering({ redis, connections, pool, build, clock, log });
  metering.start();
  return metering;
}

/** Everything that takes jobs, over open connections. */
function openWork(
  start: WorkerStart,
  servers: ReturnType<typeof openServers> & { readonly tracing: Tracing },
) {
  const { log, clock } = start;
  const { pool, queue, cache, tracing } = servers;
  const metering = openMetering(start, servers);
  const tally = metering.work;
  const { exchange, wakeLimiters } = openExchange(start, queue, metering);
  const store = new PostgresCandleStore(pool, tally.kept);
  const window = new RedisCandleWindow(cache, clock, { log });
  const pages = new PageFetcher({ exchange, store, window, clock, log });
  const runner = new FetchRunner({
    pages,
    folder: new SeriesFolder({ store, window, clock }),
    texts: new TextFetcher({ exchange, cache: new TextAnswerCache(cache), clock }),
  });
  const consumer = new FetchConsumer({
    redis: servers.openBlocking(),
    publisher: queue,
    subscriber: servers.subscriber,
    handle: (job, signal, urgency) => runner.run(job, { signal, demand: urgency }),
    ...{ tally, clock, log, ...tracing.jobs },
  });
  const history = openHistory(start, {
    ...{ pool, store, pages, news: new RevisionNews(store, window), tally },
    redis: { queue, blocking: servers.openBlocking(), cache },
  });
  const preloading = openPreloading(start, {
    ...{ pool, store, window, tally, tracing },
    redis: {
      ...{ queue, cache, blocking: servers.openBlocking() },
      subscriber: servers.openSubscriber(),
    },
  });
  const levels = new LogLevels({
    ...{ redis: queue, clock, log, process: 'worker', own: start.env.LOG_LEVEL },
  });
  levels.start();
  const ways = {
    close: () => {
      exchange.close();
      return Promise.resolve();
    },
  };
  // Callers wait for fetches: these end in their own time, however long a task needs to stop.
  const takers = { close: () => closeTogether([consumer, history, preloading]) };
  const close = () => closeAll([metering, levels, window, ways, takers]);
  return { consumer, history, preloading, metering, wakeLimiters, close };
}
