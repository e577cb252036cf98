import type { RedisConnection } from './redis-connection';

/** What a server says of itself that decides whether it can hold what Candlekeep gives it. What it does not tell is undefined. */
export interface ServerFacts {
  /** `8.2.2`. */
  readonly version: string | undefined;
  /** Of this start of the server: two addresses with one id are one server. */
  readonly runId: string | undefined;
  /** A replica takes no writes. */
  readonly isReplica: boolean;
  /** What goes when memory is full: `noeviction`, `allkeys-lru`. */
  readonly evictionPolicy: string | undefined;
  readonly usedBytes: number | undefined;
  /** 0 for no limit. */
  readonly maxBytes: number | undefined;
  /** Whether each write goes to a file that is read at the next start. */
  readonly isAppendOnly: boolean | undefined;
  /** Whether the last write to its files went well. */
  readonly isSaving: boolean;
}

/** The policy of a server that holds jobs, permits and leases: nothing goes by itself. */
export const QUEUE_POLICY = 'noeviction';

/** Asks a server what it is. Rejects as the connection does. */
export async function readServerFacts(redis: RedisConnection): Promise<ServerFacts> {
  return parseServerFacts(await redis.info());
}

/** The text in which a server's snapshots are set (`3600 1 300 100`), empty for none; undefined where it may not be asked. */
export async function findSnapshotRule(redis: RedisConnection): Promise<string | undefined> {
  const reply: unknown = await redis.config('GET', 'save').catch(() => undefined);
  const rule: unknown = Array.isArray(reply) ? reply[1] : undefined;
  return typeof rule === 'string' ? rule : undefined;
}

/** Reads the reply to `INFO`. */
export function parseServerFacts(info: string): ServerFacts {
  const fields = new Map(
    info.split(/\r?\n/).flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
    }),
  );
  const numberOf = (name: string): number | undefined => {
    const text = fields.get(name);
    return text === undefined ? undefined : Number(text);
  };
  const aof = fields.get('aof_enabled');
  const writes = ['aof_last_write_status', 'rdb_last_bgsave_status'].map((name) =>
    fields.get(name),
  );
  return {
    version: fields.get('valkey_version') ?? fields.get('redis_version'),
    runId: fields.get('run_id'),
    isReplica: fields.get('role') === 'slave',
    evictionPolicy: fields.get('maxmemory_policy'),
    usedBytes: numberOf('used_memory'),
    maxBytes: numberOf('maxmemory'),
    isAppendOnly: aof === undefined ? undefined : aof === '1',
    isSaving: !writes.includes('err'),
  };
}
