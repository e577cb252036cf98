import type { PreloadQueue, PreloadSchedule } from '@candlekeep/jobs';
import { waitFor } from '../app-process';
import { PreloadRig } from './preload-rig';
import { SkewedTakers } from './skewed-takers';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const QUARTERS = ofTimeframe('15m', '57 14,29,44,59 * * * *');
const MINUTES = ofTimeframe('1m', '57 * * * * *');
const HOURLY: PreloadSchedule = { id: 'hourly', pattern: '30 58 * * * *', job: { kind: 'hourly' } };
const DAILY: PreloadSchedule = { id: 'daily', pattern: '0 0 0 * * *', job: { kind: 'daily' } };
const EACH_SECOND = ofTimeframe('1m', '* * * * * *');
const ALL = [QUARTERS, MINUTES, HOURLY, DAILY];
const IDS = ALL.map(({ id }) => id).toSorted();
const NOTHING = { added: [], changed: [], removed: [] };

/** What a scheduler's next job may suffer by hand, or by a server that fails over. */
const LOSSES: [name: string, lose: (rig: PreloadRig, jobId: string) => Promise<unknown>][] = [
  ['is deleted', (rig, id) => rig.redis.del(rig.part(id))],
  ['is taken off the line', (rig, id) => rig.redis.zrem(rig.part('delayed'), id)],
  ['is half there', (rig, id) => rig.redis.hdel(rig.part(id), 'rjk', 'data', 'opts')],
  [
    'is gone without a trace',
    async (rig, id) => {
      await rig.redis.zrem(rig.part('delayed'), id);
      await rig.redis.del(rig.part(id));
    },
  ],
  [
    'has failed unseen',
    async (rig, id) => {
      await rig.redis.zrem(rig.part('delayed'), id);
      await rig.redis.zadd(rig.part('failed'), 1, id);
    },
  ],
];

/** What the schedules of the preload queue keep. Call it inside the `describe` of a file that has the queue's database for itself. */
export function describeSchedules(): void {
  const rig = PreloadRig.use();

  it('are each made once by two processes that start at the same time, twenty times', async () => {
    const [a, b] = [rig.queue(), rig.queue()];
    for (let round = 0; round < 20; round += 1) {
      await rig.loseMemory();
      await Promise.all([a.reconcile(ALL), b.reconcile(ALL)]);
      await expectExactly(a, ALL);
      expect(await b.reconcile(ALL)).toEqual(NOTHING);
    }
  });

  it('become what is wanted, from any others, by two processes at once, twenty times', async () => {
    const [a, b] = [rig.queue(), rig.queue()];
    for (let round = 0; round < 20; round += 1) {
      await rig.loseMemory();
      const surplus = [ofTimeframe('4h', '57 59 3,7,11,15,19,23 * * *')];
      const other = { ...QUARTERS, pattern: `${round} 13,28,43,58 * * * *` };
      await a.reconcile([other, HOURLY, ...surplus]);
      const [byA, byB] = await Promise.all([a.reconcile(ALL), b.reconcile(ALL)]);
      await expectExactly(a, ALL);
      expect([...byA.removed, ...byB.removed]).toEqual(['timeframe:4h']);
      expect([...byA.changed, ...byB.changed]).toContain('timeframe:15m');
      expect(byA.changed.concat(byB.changed)).not.toContain('hourly');
    }
  });

  it('keep their next run, to the letter, when they are right already', async () => {
    const side = rig.queue();
    expect((await side.reconcile(ALL)).added.toSorted()).toEqual(IDS);
    const before = await everything();
    for (let minute = 0; minute < 3; minute += 1) {
      expect(await rig.queue().reconcile(ALL)).toEqual(NOTHING);
    }
    expect(await everything()).toEqual(before);
  });

  it('tell when they come, the soonest first, in UTC', async () => {
    const side = rig.queue();
    await side.reconcile(ALL);
    const schedules = await side.schedules();
    const instants = schedules.map(({ nextMs }) => nextMs);
    expect(instants).toEqual(instants.toSorted((a, b) => a - b));
    const daily = schedules.find(({ id }) => id === 'daily')?.nextMs ?? 1;
    expect(daily % DAY_MS).toBe(0);
    expect(daily - rig.clock.nowMs()).toBeLessThanOrEqual(DAY_MS);
  });

  it('follow a changed pattern and a changed job with one job, at the new time', async () => {
    const side = rig.queue();
    await side.reconcile(ALL);
    const earlier = { ...HOURLY, pattern: '10 58 * * * *' };
    expect(await side.reconcile([earlier, QUARTERS, MINUTES, DAILY])).toMatchObject({
      changed: ['hourly'],
    });
    await expectExactly(side, [earlier, QUARTERS, MINUTES, DAILY]);
    const other: PreloadSchedule = { ...earlier, job: { kind: 'timeframe', timeframe: '1h' } };
    expect(await side.reconcile([other])).toMatchObject({ changed: ['hourly'] });
    const [jobId = ''] = await rig.delayed();
    expect(await rig.redis.hget(rig.part(jobId), 'data')).toBe(JSON.stringify(other.job));
  });

  it.each(LOSSES)('are made anew when their next job %s', async (_name, lose) => {
    const side = rig.queue();
    await side.reconcile(ALL);
    const daily = (await rig.delayed()).find((id) => id.includes('daily')) ?? '';
    await lose(rig, daily);
    expect(await side.reconcile(ALL)).toEqual({ ...NOTHING, added: ['daily'] });
    await expectExactly(side, ALL);
    expect(await rig.redis.zcard(rig.part('failed'))).toBe(0);
    expect(await side.reconcile(ALL)).toEqual(NOTHING);
  });

  it('go on by a changed pattern alone while a job of the old one runs', async () => {
    const side = rig.queue();
    await side.reconcile([EACH_SECOND]);
    let running = 0;
    await rig.consumer(async (_job, signal) => {
      running += 1;
      await rig.clock.sleep(60_000, signal);
    }, 1);
    await waitFor(() => {
      expect(running).toBe(1);
    });
    expect(await side.reconcile([MINUTES])).toMatchObject({ changed: ['timeframe:1m'] });
    await expectExactly(side, [MINUTES]);
    expect(await side.reconcile([MINUTES])).toEqual(NOTHING);
  });

  it('go on when the worker that had taken their job died before it made the next one', async () => {
    const side = rig.queue();
    await side.reconcile([HOURLY]);
    const [jobId = ''] = await rig.delayed();
    await rig.redis.zrem(rig.part('delayed'), jobId);
    await rig.redis.lpush(rig.part('active'), jobId);
    expect(await side.reconcile([HOURLY])).toEqual(NOTHING);
    const ran: string[] = [];
    await rig.consumer(async ({ kind }) => {
      ran.push(kind);
      await Promise.resolve();
    });
    await waitFor(() => {
      expect(ran).toEqual(['hourly']);
    });
    await expectExactly(side, [HOURLY]);
    expect(await rig.delayed()).not.toContain(jobId);
  });

  it('leave one job each while no worker is there, and it runs once when one comes', async () => {
    const side = rig.queue();
    await side.reconcile([EACH_SECOND]);
    const firstMs = (await side.schedules())[0]?.nextMs ?? 0;
    await waitFor(() => {
      expect(rig.clock.nowMs()).toBeGreaterThan(firstMs + 3_000);
    });
    expect(await side.reconcile([EACH_SECOND])).toEqual(NOTHING);
    expect(await rig.delayed()).toHaveLength(1);
    const ran: number[] = [];
    await rig.consumer(async () => {
      ran.push(rig.clock.monotonicMs());
      await Promise.resolve();
    });
    await waitFor(() => {
      expect(ran).toHaveLength(3);
    });
    // The one that was late at once, then those of the next two seconds.
    const [first = 0, , third = 0] = ran;
    expect(third - first).toBeGreaterThan(900);
  });

  it('run each instant once when the clocks of workers differ by seconds', async () => {
    const side = rig.queue();
    const takers = new SkewedTakers(rig);
    await side.reconcile([EACH_SECOND]);
    for (const offMs of [5_000, 0, -5_000]) await takers.open(offMs);
    await waitFor(async () => {
      expect((await takers.taken()).length).toBeGreaterThanOrEqual(10);
    });
    expect(await side.reconcile([EACH_SECOND])).toEqual(NOTHING);
    const taken = (await takers.taken()).toSorted((a, b) => a - b);
    expect(new Set(taken).size).toBe(taken.length);
    const steps = taken.slice(1).map((atMs, at) => atMs - (taken[at] ?? 0));
    expect(Math.min(...steps)).toBe(1_000);
    expect(await rig.delayed()).toHaveLength(1);
  });

  it('come back from where a worker with a clock of the day after tomorrow has put them', async () => {
    const side = rig.queue();
    const takers = new SkewedTakers(rig);
    await side.reconcile([DAILY]);
    const rightMs = (await side.schedules())[0]?.nextMs;
    const stop = await takers.open(2 * DAY_MS);
    await waitFor(async () => {
      expect(await takers.taken()).toHaveLength(1);
    });
    await stop();
    const [wrong] = await side.schedules();
    expect(wrong?.nextMs).toBe((rightMs ?? 0) + 2 * DAY_MS);
    expect(await side.reconcile([DAILY])).toEqual({ ...NOTHING, changed: ['daily'] });
    expect((await side.schedules())[0]?.nextMs).toBe(rightMs);
    expect(await rig.delayed()).toHaveLength(1);
  });

  it('are left to the next look where a job of the same instant is in the way, and the others are made', async () => {
    const side = rig.queue();
    await side.reconcile([DAILY]);
    const [jobId = ''] = await rig.delayed();
    await rig.loseMemory();
    await rig.redis.hset(rig.part(jobId), 'name', 'daily');
    await rig.redis.lpush(rig.part('active'), jobId);
    expect(await side.reconcile([DAILY, HOURLY])).toEqual({ ...NOTHING, added: ['hourly'] });
    await rig.redis.lrem(rig.part('active'), 0, jobId);
    expect(await side.reconcile([DAILY, HOURLY])).toEqual({ ...NOTHING, added: ['daily'] });
  });

  it('are refused as a whole when one could not stand, and what stood stays', async () => {
    const side = rig.queue();
    await side.reconcile([DAILY]);
    const refused: [PreloadSchedule[], string][] = [
      [[{ ...HOURLY, pattern: '58 * * * *' }], 'schedule "hourly" has the pattern "58 * * * *"'],
      [[{ ...HOURLY, pattern: '99 58 * * * *' }], 'six fields'],
      [[{ ...HOURLY, id: 'a:b:c:d:1' }], 'names no schedule'],
      [[HOURLY, HOURLY], 'schedule "hourly" is wanted twice'],
      [[ofTimeframe('7m', '0 * * * * *')], 'unknown timeframe'],
    ];
    for (const [schedules, message] of refused) {
      await expect(side.reconcile(schedules)).rejects.toThrow(message);
    }
    await expectExactly(side, [DAILY]);
  });

  async function expectExactly(
    side: PreloadQueue,
    wanted: readonly PreloadSchedule[],
  ): Promise<void> {
    const schedules = await side.schedules();
    expect(schedules.map(({ id }) => id).toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());
    const jobs = schedules.map(({ id, nextMs }) => `repeat:${id}:${nextMs}`);
    expect((await rig.delayed()).toSorted()).toEqual(jobs.toSorted());
    expect(await rig.redis.exists(...jobs.map((id) => rig.part(id)))).toBe(jobs.length);
  }

  async function everything(): Promise<unknown> {
    const names = (await rig.redis.keys(rig.part('repeat:*'))).toSorted();
    const hashes = names.map(async (name) => [name, await rig.redis.hgetall(name)]);
    const delayed = await rig.redis.zrange(rig.part('delayed'), '0', '-1', 'WITHSCORES');
    return [await Promise.all(hashes), delayed];
  }
}

function ofTimeframe(timeframe: string, pattern: string): PreloadSchedule {
  return { id: `timeframe:${timeframe}`, pattern, job: { kind: 'timeframe', timeframe } };
}
