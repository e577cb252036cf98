import { Redis } from 'ioredis';
import { findRefusedDatabase } from './redis-database-refused';

/** A connection to one Redis server. */
export type RedisConnection = Redis;

/**
 * What a connection is for. `command`: short request and reply, fails within seconds when the server is away.
 * `blocking`: waits on the server (BullMQ consumers), and `subscriber`: holds channel subscriptions; both wait for
 * the server to return. A connection whose server owes it an answer and says nothing, 5 s for `command` and 20 s for `blocking`, is
 * opened anew.
 */
export type RedisRole = 'command' | 'blocking' | 'subscriber';

export interface RedisConnectionOptions {
  /** `redis://[:password@]host:port[/db]`, or `rediss://` for TLS. */
  readonly url: string;
  readonly role: RedisRole;
  /** Shown by `CLIENT LIST`, so that an operator knows who is connected. */
  readonly name: string;
  /** Told of every connection error; ioredis reconnects by itself. */
  readonly onError: (error: Error) => void;
}

const COMMAND_TIMEOUT_MS = 3_000;
const CONNECT_TIMEOUT_MS = 3_000;
const RECONNECT_CAP_MS = 2_000;
/** A server that has vanished without a word: the kernel would go on waiting for it for a quarter of an hour. */
const SILENT_COMMAND_MS = 5_000;
/** The same where the server itself may wait: BullMQ lets it do so for 10 s at most. */
const SILENT_BLOCKING_MS = 20_000;

/**
 * Opens a connection of the given role. It connects in the background and reconnects for ever; `quit()` ends it. Where its server
 * refuses the database that the URL names, no command is sent: {@link RedisDatabaseRefused} is told at each try.
 */
export function openRedis({ url, role, name, onError }: RedisConnectionOptions): RedisConnection {
  const redis = new Redis(url, { ...byRole[role], ...shared, connectionName: name });
  redis.on('error', (error) => {
    const refused = findRefusedDatabase(error, redis);
    // ioredis goes on with database 0, which is somebody else's.
    if (refused !== undefined) redis.disconnect(true);
    onError(refused ?? error);
  });
  if (role === 'subscriber') heedRefusedSubscriptions(redis);
  return redis;
}

/**
 * ioredis subscribes anew by itself after a break, and lets a refusal of that go unheard, which ends a process. Who subscribes hears of
 * one as ever.
 */
function heedRefusedSubscriptions(redis: RedisConnection): void {
  const subscribe = redis.subscribe.bind(redis);
  Reflect.set(redis, 'subscribe', (...given: Parameters<typeof subscribe>): Promise<unknown> => {
    const answer = subscribe(...given);
    answer.catch(() => undefined);
    return answer;
  });
}

const shared = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  retryStrategy: (attempt: number) => Math.min(attempt * 50, RECONNECT_CAP_MS),
};

const byRole = {
  command: {
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENT_COMMAND_MS,
  },
  blocking: { maxRetriesPerRequest: null, socketTimeout: SILENT_BLOCKING_MS },
  subscriber: { maxRetriesPerRequest: null, autoResubscribe: true },
} satisfies Record<RedisRole, object>;
