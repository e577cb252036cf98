import type { Logger } from '@candlekeep/telemetry';
import { openRedis, type RedisConnection, type RedisRole } from './redis-connection';

/** All Redis connections of one process: named after it, their errors in its log, closed together. */
export class RedisConnections {
  private readonly opened: RedisConnection[] = [];
  private readonly lastErrors = new WeakMap<RedisConnection, Error>();

  constructor(
    private readonly process: string,
    private readonly log: Logger,
  ) {}

  open(url: string, role: RedisRole): RedisConnection {
    const redis: RedisConnection = openRedis({
      url,
      role,
      name: `${this.process}-${role}`,
      onError: (error) => {
        this.lastErrors.set(redis, error);
        this.log.warn(`a Redis connection (${role}) reports an error`, { error });
      },
    });
    this.opened.push(redis);
    return redis;
  }

  /** Resolves when the server answers; rejects with what last went wrong on the connection, which says more than the command's own error. */
  async reach(redis: RedisConnection): Promise<void> {
    try {
      await redis.ping();
    } catch (error) {
      throw this.lastErrors.get(redis) ?? error;
    }
  }

  /** Ends all connections; commands without a reply reject. */
  close(): Promise<void> {
    for (const redis of this.opened) redis.disconnect();
    return Promise.resolve();
  }
}
