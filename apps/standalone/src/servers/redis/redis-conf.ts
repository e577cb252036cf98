/** What a Redis server is for; it decides what may be thrown away. */
export type RedisRole = 'queue' | 'cache';

export interface RedisConfOptions {
  readonly role: RedisRole;
  readonly folder: string;
  readonly port: number;
  readonly password: string;
}

// BullMQ needs that no key ever goes away by itself. Every write is in the file within a second.
const queueLines = [
  'maxmemory-policy noeviction',
  'appendonly yes',
  'appendfsync everysec',
  'save ""',
];

// Nothing is kept: after a restart closed candles come back from Postgres in milliseconds, while a dump would cost a
// fork with up to 100 MB now and then, and could bring back a view older than the one that Postgres holds.
const cacheLines = ['maxmemory-policy allkeys-lru', 'maxmemory 100mb', 'appendonly no', 'save ""'];

/** The text of redis.conf: loopback only, with a password, in the foreground. */
export function redisConf({ role, folder, port, password }: RedisConfOptions): string {
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    'protected-mode yes',
    `requirepass ${password}`,
    `dir ${quoted(folder)}`,
    'daemonize no',
    'supervised no',
    'databases 128',
    ...(role === 'queue' ? queueLines : cacheLines),
  ];
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
