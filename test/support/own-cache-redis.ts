import { openRedis, type RedisConnection } from '@candlekeep/redis';
import { redisCacheUrl } from './servers';

/**
 * A database of the cache server that one test file has for itself, empty at first: for what looks at all keys, or keeps
 * count of them.
 */
export async function openOwnCacheRedis(database: number): Promise<RedisConnection> {
  const url = new URL(redisCacheUrl());
  url.pathname = `/${database}`;
  const redis = openRedis({
    url: url.href,
    role: 'command',
    name: `test-database-${database}`,
    onError: (error) => {
      throw error;
    },
  });
  await redis.flushdb();
  return redis;
}
