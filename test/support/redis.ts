import { type MarketCode, parseMarketCode } from '@candlekeep/market';
import { openRedis, type RedisConnection, type RedisRole } from '@candlekeep/redis';
import { redisCacheUrl, redisUrl } from './servers';

/** Connections of one test file; `close()` in `afterAll`. An unexpected connection error fails loudly. */
export class TestRedis {
  private readonly opened: RedisConnection[] = [];

  queue(role: RedisRole = 'command'): RedisConnection {
    return this.open(redisUrl(), role);
  }

  cache(role: RedisRole = 'command'): RedisConnection {
    return this.open(redisCacheUrl(), role);
  }

  close(): void {
    for (const redis of this.opened) redis.disconnect();
  }

  private open(url: string, role: RedisRole): RedisConnection {
    const redis = openRedis({
      url,
      role,
      name: `test-${role}`,
      onError: (error) => {
        throw error;
      },
    });
    this.opened.push(redis);
    return redis;
  }
}

let markets = 0;
/** One worker process runs many test files, each of which counts from one. */
const file = Math.random().toString(36).slice(2, 8).toUpperCase();

/** A pair that no other test uses, so that tests may share a server. */
export function freshMarket(): MarketCode {
  markets += 1;
  return parseMarketCode(`KRW-T${file}X${markets}`);
}
