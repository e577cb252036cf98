import { CandleCache, CandleWindow, MarketListCache } from '@candlekeep/candle-cache';
import { migrateCandleStore, PostgresCandleStore } from '@candlekeep/candle-store';
import { FetchRequester } from '@candlekeep/jobs';
import { type Closable, closeAll, type ReadinessChecks } from '@candlekeep/lifecycle';
import { createPool } from '@candlekeep/postgres';
import { RedisConnections } from '@candlekeep/redis';
import { MarketList } from './markets/market-list';
import { QueueCandleSource } from './queue-candle-source';
import type { GatewayStart } from './start-gateway';

/** What the gateway's controllers work with, open and ready. */
export interface GatewayParts extends Closable {
  readonly candles: CandleCache;
  readonly markets: MarketList;
  readonly readiness: ReadinessChecks;
}

/** Opens Redis, Postgres (migrating its schema) and the way to the workers; closes what it opened when one of them fails. */
export async function openGatewayParts(start: GatewayStart): Promise<GatewayParts> {
  const links = openLinks(start);
  try {
    await migrateCandleStore(links.pool, start.log);
    await links.requester.start();
  } catch (error) {
    await links.close();
    throw error;
  }
  return gatewayParts(start, links);
}

/** Connections to everything outside the process; they connect in the background. */
function openLinks({ env, log, clock }: GatewayStart) {
  const redis = new RedisConnections('gateway', log);
  const queueRedis = redis.open(env.REDIS_URL, 'command');
  const subscriber = redis.open(env.REDIS_URL, 'subscriber');
  const cacheRedis = redis.open(env.REDIS_CACHE_URL ?? env.REDIS_URL, 'command');
  const pool = createPool({
    url: env.DATABASE_URL,
    applicationName: 'candlekeep-gateway',
    onError: (error) => {
      log.warn('an idle Postgres connection broke', { error });
    },
  });
  const requester = new FetchRequester({ redis: queueRedis, subscriber, clock, log });
  const close = () => closeAll([redis, { close: () => pool.end() }, requester]);
  return { queueRedis, cacheRedis, pool, requester, close };
}

function gatewayParts(
  { log, clock }: GatewayStart,
  { queueRedis, cacheRedis, pool, requester, close }: ReturnType<typeof openLinks>,
): GatewayParts {
  const candles = new CandleCache({
    window: new CandleWindow(cacheRedis, clock),
    store: new PostgresCandleStore(pool),
    source: new QueueCandleSource(requester),
    clock,
    log,
  });
  const readiness = {
    'redis-queue': () => queueRedis.ping(),
    'redis-cache': () => cacheRedis.ping(),
    postgres: () => pool.query('SELECT 1'),
  };
  const markets = new MarketList(new MarketListCache(cacheRedis), requester, clock);
  return { candles, markets, readiness, close };
}
