import type { RedisConnection } from './redis-connection';

/** The server's time, epoch ms: the one clock that all processes share. */
export async function serverTimeMs(redis: RedisConnection): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}
