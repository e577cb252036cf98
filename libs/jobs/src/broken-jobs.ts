import { isPoisonedReply, type RedisConnection } from '@candlekeep/redis';
import type { Queue } from 'bullmq';
import { queueKey } from './queue-parts';

/** A job that no worker can read. */
export interface BrokenJob {
  readonly id: string;
  readonly key: string;
  readonly reason: string;
}

/** Jobs of each list that are looked at, those that are taken next: the others are, when it is their turn. */
const MOST = 1_000;
const LISTS = ['active', 'wait', 'paused'] as const;
const SETS = ['prioritized', 'delayed'] as const;

/** The jobs in the lists of a queue whose data or options are no JSON. Rejects with ioredis' error. */
export async function findBrokenJobs(
  redis: RedisConnection,
  queue: string,
): Promise<readonly BrokenJob[]> {
  const listed = await Promise.all([
    ...LISTS.map((part) => redis.lrange(queueKey(queue, part), -MOST, -1)),
    ...SETS.map((part) => redis.zrange(queueKey(queue, part), 0, String(MOST - 1))),
  ]);
  const ids = [...new Set(listed.flat())];
  const reasons = await Promise.all(ids.map((id) => flawOf(redis, queueKey(queue, id))));
  return ids.flatMap((id, index) => {
    const reason = reasons[index];
    return reason === undefined ? [] : [{ id, key: queueKey(queue, id), reason }];
  });
}

/** Takes a job out of its queue, with its lock and its name. */
export async function removeJob(redis: RedisConnection, queue: string, id: string): Promise<void> {
  const key = queueKey(queue, id);
  const name = await redis.hget(key, 'deid').catch(() => null);
  const removing = redis.multi().del(key, `${key}:lock`);
  for (const part of LISTS) removing.lrem(queueKey(queue, part), 0, id);
  for (const part of SETS) removing.zrem(queueKey(queue, part), id);
  if (name !== null) removing.del(queueKey(queue, `de:${name}`));
  await removing.exec();
}

/**
 * Takes a job away that stands in no list of its queue, and says whether it was one: it would never run, and keep equal ones out. Rejects
 * with ioredis' error.
 */
export async function dropOrphan(
  redis: RedisConnection,
  queue: Queue,
  id: string,
): Promise<boolean> {
  if ((await redis.exists(queue.toKey(id))) === 0) return false;
  if ((await queue.getJobState(id)) !== 'unknown') return false;
  await removeJob(redis, queue.name, id);
  return true;
}

async function flawOf(redis: RedisConnection, key: string): Promise<string | undefined> {
  try {
    const texts = await redis.hmget(key, 'data', 'opts');
    for (const text of texts) JSON.parse(text ?? '{}');
    return undefined;
  } catch (error) {
    const isBroken = error instanceof SyntaxError || isPoisonedReply(error);
    if (error instanceof Error && isBroken) return error.message;
    throw error;
  }
}
