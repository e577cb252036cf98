import type { RedisConnection } from '@candlekeep/redis';

/** The cache server's time, epoch ms. */
export async function cacheTimeMs(redis: RedisConnection): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}
