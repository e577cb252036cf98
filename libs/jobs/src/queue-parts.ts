import { keys, type PoisonedValue, type RedisConnection } from '@candlekeep/redis';

/** What BullMQ keeps of a queue beside its jobs, by the end of the key: of which type. */
export const QUEUE_PARTS = {
  ...({ meta: 'hash', id: 'string', pc: 'string', limiter: 'string' } as const),
  ...({ wait: 'list', paused: 'list', active: 'list' } as const),
  ...({ prioritized: 'zset', delayed: 'zset', completed: 'zset', failed: 'zset' } as const),
  ...({ 'waiting-children': 'zset', repeat: 'zset', marker: 'zset' } as const),
  ...({ stalled: 'set', 'stalled-check': 'string', events: 'stream' } as const),
} as const;

type Part = keyof typeof QUEUE_PARTS;

/** Counters: whole numbers that BullMQ adds one to. */
const COUNTERS: readonly Part[] = ['id', 'pc', 'limiter'];
const COUNT = /^\d{1,15}$/;
/** The year 2286: from there on no clock of ours has written anything. */
const LATEST_MS = 1e13;

/** The key of a queue that ends so. */
export function queueKey(queue: string, end: string): string {
  return `${keys.queuePrefix}:${queue}:${end}`;
}

/** What stands in a queue under BullMQ's keys, or under the `named` ones, and was never written by it. Rejects with ioredis' error. */
export async function findStrangeParts(
  redis: RedisConnection,
  queue: string,
  named: readonly string[],
): Promise<readonly PoisonedValue[]> {
  const wanted = [
    ...Object.entries(QUEUE_PARTS).map(([part, type]) => ({ key: queueKey(queue, part), type })),
    ...named.map((key) => ({ key, type: 'string' })),
  ];
  const strange: PoisonedValue[] = [];
  for (const { key, type } of wanted) {
    const found = await redis.type(key);
    if (found !== 'none' && found !== type) strange.push(poisonOf(key, `a ${found}`, `a ${type}`));
  }
  const found = new Set(strange.flatMap((one) => one.keys));
  const looks = [strangeCounters, strangeMeta, strangeEvents, strangeCheck];
  for (const look of looks) {
    const more = await look(redis, queue);
    strange.push(...more.filter((one) => one.keys.every((key) => !found.has(key))));
  }
  return strange;
}

async function strangeCounters(redis: RedisConnection, queue: string): Promise<PoisonedValue[]> {
  const wanted = COUNTERS.map((part) => queueKey(queue, part));
  // Of another type reads as absent.
  const texts = await redis.mget(...wanted);
  return wanted.flatMap((key, index) => {
    const text = texts[index] ?? '0';
    return COUNT.test(text) ? [] : [poisonOf(key, `"${text}"`, 'a whole number')];
  });
}

async function strangeMeta(redis: RedisConnection, queue: string): Promise<PoisonedValue[]> {
  const key = queueKey(queue, 'meta');
  const most = await redis.hget(key, 'opts.maxLenEvents').catch(() => null);
  return most === null || COUNT.test(most) ? [] : [poisonOf(key, `"${most}"`, 'a whole number')];
}

/** A stream that ends at the last of all places takes no more. */
async function strangeEvents(redis: RedisConnection, queue: string): Promise<PoisonedValue[]> {
  const key = queueKey(queue, 'events');
  const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1).catch(() => []);
  const id = newest?.[0] ?? '0-0';
  return Number(id.split('-')[0]) < LATEST_MS ? [] : [poisonOf(key, id, 'an id of this age')];
}

/** It ends by itself, and while it stands no job of a dead worker is run again. */
async function strangeCheck(redis: RedisConnection, queue: string): Promise<PoisonedValue[]> {
  const key = queueKey(queue, 'stalled-check');
  const leftMs = await redis.pttl(key);
  return leftMs === -1 ? [poisonOf(key, 'for good', 'an end within seconds')] : [];
}

function poisonOf(key: string, found: string, expected: string): PoisonedValue {
  return { keys: [key], error: new TypeError(`found ${found}: expected ${expected}`) };
}
