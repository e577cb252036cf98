import { QUEUE_PARTS, QueueMender } from '@candlekeep/jobs';
import { keys } from '@candlekeep/redis';
import { Queue } from 'bullmq';
import { PoisonHouse } from '../support/poison/poison-house';
import { poisonsFor } from '../support/poison/poisons';
import { openQueues, type Queues, type QueueSide } from '../support/poison/queue-sides';

/** Of BullMQ's map: the prefix of all, and that of names of jobs. */
const OF_NO_TYPE = ['', 'de'];
/** Of each part one value of another type, and all that is in the shape of ours: other types are met with in one way. */
const TRIED =
  /^(?:a (?:string|hash) in place|members: (?:a name|neg|endless)|opts|a string that is|id:|deleted)/;
const SCHEDULES_TRIED = /in place|garbage|9999|negative|deleted/;
const HOUR_MS = 3_600_000;
const GARBAGE = 'from another program';
/** While it stands no job can end: it is looked for before. Else a job that was done would be done again, seconds later. */
const ENDS_NO_JOB = ['stalled'];

describe('whatever stands in a queue', () => {
  let house: PoisonHouse;
  let queues: Queues;

  beforeAll(async () => {
    house = await PoisonHouse.start();
    queues = await openQueues(house);
  });
  afterAll(async () => {
    await house.close();
  });

  const onEach = async (check: (side: QueueSide) => Promise<string[]>): Promise<string[]> =>
    (await Promise.all(queues.sides.map(check))).flat();
  /** As each worker does once a minute. */
  const look = async (queue: string): Promise<void> => {
    const { redis, clock, log } = house;
    await new QueueMender({ queue, redis, clock, log }).look();
  };
  const keyOf = (queue: string, end: string): string => `${keys.queuePrefix}:${queue}:${end}`;
  const failureOf = async (work: () => Promise<void>): Promise<string[]> =>
    await work().then(
      () => [],
      (error: unknown) => [String(error)],
    );

  it('is poisoned here, whichever part of BullMQ’s it is', () => {
    const queue = new Queue('candles', { connection: house.redis, prefix: keys.queuePrefix });
    const theirs = Object.keys(queue.keys).filter((part) => !OF_NO_TYPE.includes(part));
    expect(Object.keys(QUEUE_PARTS)).toEqual(expect.arrayContaining(theirs));
  });

  it.each(Object.entries(QUEUE_PARTS))(
    'is told and taken away, and work goes on: %s',
    async (part, type) => {
      const flaws = await onEach(async ({ queue, work }) => {
        const key = keyOf(queue, part);
        const kind = { key: () => key, type, fields: ['opts.maxLenEvents'] };
        const found: string[] = [];
        for (const { name, apply } of await poisonsFor(house.redis, kind)) {
          if (!TRIED.test(name)) continue;
          const told = house.linesOf(key);
          await apply(house.redis, key);
          if (ENDS_NO_JOB.includes(part)) await look(queue);
          found.push(...(await failureOf(work)).map((flaw) => `${key}, ${name}: ${flaw}`));
          await look(queue);
          const left = await house.redis.type(key);
          if (left !== type && left !== 'none') found.push(`${key}, ${name}: a ${left} is left`);
          if (name.includes('in place') && part !== 'pc' && house.linesOf(key) === told) {
            found.push(`${key}, ${name}: nobody was told`);
          }
        }
        return found;
      });
      expect(flaws).toEqual([]);
    },
  );

  it.each<[string, Readonly<Record<string, string>>]>([
    ['data that is no JSON', { data: GARBAGE }],
    ['options that are no JSON', { data: '{}', opts: GARBAGE }],
    ['data of a version to come', { data: '{"v":9,"job":{"kind":"page"}}', opts: '{}' }],
    [
      'absurd fields',
      { data: `{"kind":"task","taskId":"","job":{"kind":"page","untilMs":1e300}}` },
    ],
    ['no field at all', { other: '1' }],
  ])('is dropped as a job of %s, and those behind it are done', async (_what, fields) => {
    const refused = queues.refused.length;
    const flaws = await onEach(async ({ queue, work }) => {
      const id = `strange-${house.clock.token()}`;
      await house.redis.hset(keyOf(queue, id), { name: 'x', timestamp: '1', ...fields });
      await house.redis.lpush(keyOf(queue, 'wait'), id);
      await house.redis.zadd(keyOf(queue, 'marker'), 0, '0');
      const failures = await failureOf(work);
      for (let tries = 0; tries < 100 && house.linesOf(id) === 0; tries += 1) {
        await house.clock.sleep(20);
      }
      const active = await house.redis.lrange(keyOf(queue, 'active'), 0, '-1');
      return [
        ...failures,
        ...(house.linesOf(id) === 1 ? [] : [`${queue}: told ${house.linesOf(id)} times`]),
        ...(active.includes(id) ? [`${queue}: ${id} is active still`] : []),
      ];
    });
    expect(flaws).toEqual([]);
    expect(queues.refused.slice(refused).toSorted()).toEqual(
      queues.sides.map(({ queue }) => queue).toSorted(),
    );
  });

  it('is told and taken away as a record of who wants a fetch', async () => {
    const { key, work } = queues.wish();
    const record = { untilMs: String(house.clock.nowMs() + 5_000), rank: '1' };
    await house.redis.hset(key, record);
    const flaws: string[] = [];
    for (const { name, apply } of await poisonsFor(house.redis, { key: () => key, type: 'hash' })) {
      await house.redis.del(key);
      await house.redis.hset(key, record);
      await apply(house.redis, key);
      flaws.push(...(await failureOf(work)).map((flaw) => `${name}: ${flaw}`));
    }
    expect(flaws).toEqual([]);
    expect(house.linesOf(keys.fetchWant(''))).toBeGreaterThan(5);
  });

  it.each(['repeat', 'repeat:hourly', 'the next job'])(
    'is made anew as a schedule: %s',
    async (end) => {
      const { nextMs } = queues;
      const next = `repeat:hourly:${await nextMs()}`;
      const key = keyOf('preloads', end === 'the next job' ? next : end);
      const flaws: string[] = [];
      for (const { name, apply } of await poisonsFor(house.redis, { key: () => key })) {
        if (!SCHEDULES_TRIED.test(name)) continue;
        await apply(house.redis, key);
        const leftMs = (await nextMs()) - house.clock.nowMs();
        if (!(leftMs <= HOUR_MS)) flaws.push(`${key}, ${name}: comes in ${leftMs} ms`);
      }
      expect(flaws).toEqual([]);
    },
  );

  it('is told a few times, not thousands', () => {
    expect(house.linesOf('reports an error')).toBeLessThan(400);
  });
});
