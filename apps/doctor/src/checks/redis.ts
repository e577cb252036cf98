import { QUEUE_POLICY } from '@candlekeep/redis';
import { judgeOffset } from '../clock-offset';
import { type Finding, fail, ok, warn } from '../finding';
import type { RedisLook, RedisThere } from './redis-look';
import { isAtLeast } from './version';

const QUEUE = 'REDIS_URL';
const CACHE = 'REDIS_CACHE_URL';
/** The first with all commands that BullMQ counts on. */
const OLDEST_REDIS = '6.2';
const MEGABYTE = 1_048_576;
/** From here on a full memory is near. */
const NEARLY_FULL = 0.9;

/** Judges the server of jobs, permits and leases: it may lose nothing. */
export function judgeQueue(look: RedisLook): Finding[] {
  if (look.kind !== 'there') return [unseen(QUEUE, look)];
  return [...judgeServer(QUEUE, look), judgeQueueMemory(look), judgePersistence(look)].concat(
    judgeOffset(`${QUEUE} clock`, look.offset, "that server's clock"),
  );
}

/** Judges the server of L1 candles: it should make room by itself. `queue` is the other server. */
export function judgeCache(look: RedisLook, queue: RedisLook): Finding[] {
  if (look.kind === 'none' && queue.kind !== 'none') return [shared('not set')];
  if (look.kind !== 'there') return [unseen(CACHE, look)];
  const isOne = queue.kind === 'there' && queue.facts.runId === look.facts.runId;
  if (isOne) return [shared('the same server as REDIS_URL')];
  return [...judgeServer(CACHE, look), judgeCacheMemory(look)].concat(
    judgeOffset(`${CACHE} clock`, look.offset, "that server's clock"),
  );
}

function unseen(name: string, look: Exclude<RedisLook, RedisThere>): Finding {
  if (look.kind === 'none') return ok(name, 'not set: `npm start` brings a server of its own');
  const seen = `${look.address} gives no answer: ${look.reason}`;
  return fail(
    name,
    seen,
    `start that server, or correct ${name} (address, password, rediss:// for TLS)`,
  );
}

function shared(seen: string): Finding {
  const advice =
    'candles share the memory of jobs and permits: name a second server that may evict them (allkeys-lru)';
  return warn(CACHE, seen, advice);
}

function judgeServer(name: string, { address, facts }: RedisThere): Finding[] {
  const { version, isReplica } = facts;
  const seen = `${address}, version ${version ?? 'not told'}`;
  if (isReplica) {
    const advice = `point ${name} at its primary; with Sentinel, at an address that follows it`;
    return [fail(name, `${seen}, a replica that takes no writes`, advice)];
  }
  if (version !== undefined && !isAtLeast(version, OLDEST_REDIS)) {
    return [fail(name, `${seen} is too old`, `run Redis ${OLDEST_REDIS} or newer, or Valkey`)];
  }
  return [ok(name, seen)];
}

function judgeQueueMemory(look: RedisThere): Finding {
  const check = `${QUEUE} memory`;
  const { evictionPolicy, usedBytes = 0, maxBytes = 0 } = look.facts;
  const seen = `${evictionPolicy ?? 'policy not told'}, ${memoryText(look)}`;
  if (evictionPolicy !== undefined && evictionPolicy !== QUEUE_POLICY) {
    const advice = `CONFIG SET maxmemory-policy ${QUEUE_POLICY} (and in redis.conf): else jobs and permits are dropped to make room`;
    return fail(check, seen, advice);
  }
  if (maxBytes > 0 && usedBytes > maxBytes * NEARLY_FULL) {
    return warn(check, seen, 'raise maxmemory: a full server refuses jobs and permits');
  }
  return ok(check, seen);
}

function judgePersistence({ facts, snapshots }: RedisThere): Finding {
  const check = `${QUEUE} persistence`;
  const advice =
    'CONFIG SET appendonly yes (and in redis.conf), appendfsync everysec: else a crash forgets running work and how long the exchange blocks us';
  if (!facts.isSaving) {
    const mend = 'make room or rights in its data folder: it may refuse writes until then';
    return fail(check, 'its last write to disk failed', mend);
  }
  if (facts.isAppendOnly === true) return ok(check, 'append-only file');
  if (facts.isAppendOnly === undefined) return ok(check, 'not told by the server');
  if (snapshots === '') return warn(check, 'none', advice);
  return warn(check, `no append-only file, snapshots at most (${snapshots ?? 'not told'})`, advice);
}

function judgeCacheMemory(look: RedisThere): Finding {
  const check = `${CACHE} memory`;
  const { evictionPolicy, maxBytes } = look.facts;
  const seen = `${evictionPolicy ?? 'policy not told'}, ${memoryText(look)}`;
  if (evictionPolicy === QUEUE_POLICY) {
    const advice =
      'CONFIG SET maxmemory-policy allkeys-lru (and in redis.conf): else a full cache takes no new candles';
    return warn(check, seen, advice);
  }
  if (maxBytes === 0) {
    const advice =
      'CONFIG SET maxmemory 256mb (and in redis.conf): without a limit it never makes room';
    return warn(check, seen, advice);
  }
  return ok(check, seen);
}

function memoryText({ facts: { usedBytes, maxBytes } }: RedisThere): string {
  if (usedBytes === undefined) return 'memory not told';
  const limit = maxBytes === undefined || maxBytes === 0 ? 'no limit' : `of ${megabytes(maxBytes)}`;
  return `${megabytes(usedBytes)} used, ${limit}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}
