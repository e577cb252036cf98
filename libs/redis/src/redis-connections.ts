import type { Logger } from '@candlekeep/telemetry';
import { watchPoison } from './poisoned-value';
import { openRedis, type RedisConnection, type RedisRole } from './redis-connection';

/** All Redis connections of one process: named after it, their errors in its log, closed together. */
export class RedisConnections {
  private readonly opened: { readonly redis: RedisConnection; readonly role: RedisRole }[] = [];
  private readonly lastErrors = new WeakMap<RedisConnection, Error>();
  private poisoned = 0;

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
    watchPoison(redis, ({ keys, error, isTold = false }) => {
      this.poisoned += 1;
      if (isTold) return;
      const message = `what stood under ${keys.join(' or ')} is no value of ours: it was taken away and is brought anew; find out who writes to this Redis`;
      this.log.error(message, { error });
    });
    this.opened.push({ redis, role });
    return redis;
  }

  /** What each is for, and whether it can be used now. */
  get connections(): readonly { readonly role: RedisRole; readonly isReady: boolean }[] {
    return this.opened.map(({ redis, role }) => ({ role, isReady: redis.status === 'ready' }));
  }

  /** Values and messages so far that were none of ours, and were taken away or ignored. */
  get poisonedCount(): number {
    return this.poisoned;
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
    for (const { redis } of this.opened) redis.disconnect();
    return Promise.resolve();
  }
}
