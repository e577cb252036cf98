import { hostname } from 'node:os';
import { RedisCandleWindow, TextAnswerCache } from '@candlekeep/candle-cache';
import { migrateCandleStore, PostgresCandleStore } from '@candlekeep/candle-store';
import { FeedPublisher, type LiveStatus } from '@candlekeep/feed';
import { FetchRequester } from '@candlekeep/jobs';
import { Lease } from '@candlekeep/lease';
import { type Closable, closeAll, type ReadinessChecks, requireParts } from '@candlekeep/lifecycle';
import { LogLevels } from '@candlekeep/log-levels';
import { createPool } from '@candlekeep/postgres';
import { RedisConnections, ServerClock, serverTimeMs } from '@candlekeep/redis';
import { background, type PoolCounts, type RedisCounts } from '@candlekeep/telemetry';
import { FollowedMarkets } from './followed-markets';
import { Leader } from './leader';
import type { LiveStart } from './env';

/** A process that leads or stands by. */
export interface LiveParts extends Closable {
  readonly pool: PoolCounts;
  readonly connections: RedisCounts;
  /** How the stream stands; undefined while this process follows none. */
  readonly status: () => LiveStatus | undefined;
  readonly readiness: ReadinessChecks;
}

/** Opens the tiers (migrating the schema), then asks for the lease for as long as the process lives. */
export async function openLiveParts(start: LiveStart): Promise<LiveParts> {
  const servers = openServers(start);
  try {
    await requireParts(servers.readiness, start);
    start.phase.enter('migrating');
    await migrateCandleStore(servers.pool, start.log);
    start.phase.enter('warming');
    const work = await openWork(start, servers);
    const { pool, connections, readiness } = servers;
    const { status } = work;
    return { pool, connections, readiness, status, close: () => closeAll([servers, work]) };
  } catch (error) {
    await servers.close();
    throw error;
  }
}

/** Connections to everything but the exchange; they connect in the background. */
function openServers({ env, log }: LiveStart) {
  const redis = new RedisConnections('live', log);
  const queue = redis.open(env.REDIS_URL, 'command');
  const cache = redis.open(env.REDIS_CACHE_URL ?? env.REDIS_URL, 'command');
  const pool = createPool({
    url: env.DATABASE_URL,
    applicationName: 'candlekeep-live',
    onError: (error) => {
      log.warn('an idle Postgres connection broke', { error });
    },
  });
  return {
    ...{ pool, queue, cache, connections: redis },
    subscriber: redis.open(env.REDIS_URL, 'subscriber'),
    readiness: {
      REDIS_URL: () => redis.reach(queue),
      REDIS_CACHE_URL: () => redis.reach(cache),
      DATABASE_URL: () => pool.query('SELECT 1'),
    },
    close: () => closeAll([redis, { close: () => pool.end() }]),
  };
}

async function openWork(
  { env, log, clock }: LiveStart,
  { pool, queue, cache, subscriber }: ReturnType<typeof openServers>,
): Promise<Pick<LiveParts, 'status' | 'close'>> {
  const requester = new FetchRequester({ redis: queue, subscriber, clock, log });
  await requester.start();
  const window = new RedisCandleWindow(cache, clock, { log });
  const feed = new FeedPublisher({ redis: queue, clock, log });
  const answers = new TextAnswerCache(cache);
  const leader = new Leader({
    ...{ requester, window, feed, clock, log },
    name: `${hostname()}:${process.pid}`,
    streamUrl: env.UPBIT_WS_URL,
    markets: new FollowedMarkets({ choice: env.LIVE_MARKETS, requester, answers, clock, log }),
    store: new PostgresCandleStore(pool),
    cacheClock: new ServerClock(() => serverTimeMs(cache), clock),
  });
  const levels = new LogLevels({
    ...{ redis: queue, clock, log, process: 'live', own: env.LOG_LEVEL },
  });
  levels.start();
  const stop = new AbortController();
  const lease = new Lease({ redis: queue, name: 'live', clock, log });
  const holding = lease.hold(stop.signal, async (term) => {
    await leader.lead(term);
  });
  background(log, 'holding the lease of live', holding);
  const ended = async (): Promise<void> => {
    stop.abort();
    await holding.catch(() => undefined);
  };
  const close = () => closeAll([levels, window, feed, requester, { close: ended }]);
  return { status: () => leader.status(), close };
}
