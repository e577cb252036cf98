import { preloadId, type PreloadJob } from '@candlekeep/jobs';
import { CandlekeepError, parseMarketCode } from '@candlekeep/market';
import { type RedisConnection, serverTimeMs } from '@candlekeep/redis';
import { waitFor } from '../support/app-process';
import { PreloadRig } from '../support/preload/preload-rig';
import { describeSchedules } from '../support/preload/schedule-cases';

class Hiccup extends CandlekeepError {
  readonly code = 'HICCUP';
  readonly retryable = true;
}

const RUN: PreloadJob = { kind: 'run', runId: 'r1' };

describe('preload queue', () => {
  const rig = PreloadRig.use();
  const wish = (leftMs: number, count = 20): Promise<PreloadJob> =>
    wishOf(rig.redis, leftMs, count);

  it('runs a run and a wish once, however many processes add them while they are under way', async () => {
    const [a, b] = [rig.queue(), rig.queue()];
    const jobs = [RUN, await wish(60_000)];
    for (const job of jobs) {
      const added = await Promise.all([a, b, a, b].map((side) => side.add(job)));
      expect(added.toSorted()).toEqual(['added', 'equal', 'equal', 'equal']);
    }
    const [seen, gate] = [new Array<PreloadJob>(), gated()];
    await rig.consumer(async (job) => {
      seen.push(job);
      await gate.opened;
    });
    await waitFor(() => {
      expect(seen).toEqual(jobs);
    });
    expect(await Promise.all(jobs.map((job) => b.add(job)))).toEqual(['equal', 'equal']);
    gate.open();
    await waitFor(async () => {
      expect(await a.add(RUN)).toBe('added');
    });
  });

  it('takes wishes before closes before runs before what comes each hour', async () => {
    const side = rig.queue();
    const jobs: PreloadJob[] = [
      { kind: 'daily' },
      await wish(60_000),
      { kind: 'timeframe', timeframe: '15m' },
      RUN,
    ];
    for (const job of jobs) await side.add(job);
    const seen: string[] = [];
    await rig.consumer(async ({ kind }) => {
      seen.push(kind);
      await Promise.resolve();
    }, 1);
    await waitFor(() => {
      expect(seen).toEqual(['wish', 'timeframe', 'run', 'daily']);
    });
  });

  it('refuses a job that no worker would take, and names what is wrong with it', async () => {
    const side = rig.queue();
    await expect(side.add({ kind: 'timeframe', timeframe: '7m' })).rejects.toThrow(
      'unknown timeframe',
    );
    const wished = await wish(1_000, 201);
    await expect(side.add(wished)).rejects.toThrow(/<=200[^]*count/);
  });

  it('drops and counts a wish that nobody wants any more by the server’s clock', async () => {
    const side = rig.queue();
    await side.add(await wish(-1, 10));
    await side.add(await wish(60_000, 20));
    const seen: string[] = [];
    const working = await rig.consumer(async (job) => {
      seen.push(preloadId(job));
      await Promise.resolve();
    });
    await waitFor(() => {
      expect(seen).toEqual(['wish:KRW-BTC:15m:20:0']);
      expect(working.lateWishes).toBe(1);
    });
    expect(await rig.redis.zcard(rig.part('failed'))).toBe(0);
  });

  it('lets no more wishes in when a thousand jobs wait, and a run even then', async () => {
    const side = rig.queue();
    const members = Array.from({ length: 1_000 }, (_, at) => [at, `waits-${at}`]).flat();
    await rig.redis.zadd(rig.part('prioritized'), ...members);
    expect(await side.add(await wish(60_000))).toBe('full');
    expect(await side.add(RUN)).toBe('added');
  });

  it('shows how far a run is on the job and as events, and fails nothing when it cannot', async () => {
    const side = rig.queue();
    const gate = gated();
    let told = 0;
    await rig.consumer(async (_job, _signal, work) => {
      await work.progress(3, 12);
      told += 1;
      await gate.opened;
      await rig.redis.del(rig.part(jobId));
      await work.progress(4, 12);
      told += 1;
    });
    await side.add(RUN);
    const jobId = (await rig.redis.get(rig.part('de:run:r1'))) ?? '';
    await waitFor(() => {
      expect(told).toBe(1);
    });
    expect(await rig.redis.hget(rig.part(jobId), 'progress')).toBe('{"done":3,"total":12}');
    const events = await rig.redis.xrange(rig.part('events'), '-', '+');
    expect(events.map(([, fields]) => fields)).toContainEqual(
      expect.arrayContaining(['progress', '{"done":3,"total":12}']),
    );
    gate.open();
    await waitFor(() => {
      expect(told).toBe(2);
    });
  });

  it('tries a run three times and keeps its failure; a wish once', async () => {
    const side = rig.queue();
    const runs: string[] = [];
    await rig.consumer(async ({ kind }) => {
      runs.push(kind);
      await Promise.resolve();
      throw new Hiccup('later');
    });
    await side.add(RUN);
    await side.add(await wish(60_000));
    await waitFor(async () => {
      expect(await rig.redis.zcard(rig.part('failed'))).toBe(2);
    });
    expect(runs.toSorted()).toEqual(['run', 'run', 'run', 'wish']);
  });

  it('tells a running job at once to stop, and lets another worker go on with it', async () => {
    const side = rig.queue();
    const started = gated();
    const first = await rig.consumer(async (_job, signal) => {
      started.open();
      await rig.clock.sleep(60_000, signal);
    });
    await side.add(RUN);
    await started.opened;
    const beganMs = rig.clock.monotonicMs();
    await first.close();
    expect(rig.clock.monotonicMs() - beganMs).toBeLessThan(10_000);
    const seen: PreloadJob[] = [];
    await rig.consumer(async (job) => {
      seen.push(job);
      await Promise.resolve();
    });
    await waitFor(() => {
      expect(seen).toEqual([RUN]);
    });
  });
});

describe('schedules of the preload queue', describeSchedules);

async function wishOf(redis: RedisConnection, leftMs: number, count: number): Promise<PreloadJob> {
  const untilMs = (await serverTimeMs(redis)) + leftMs;
  return {
    ...{ kind: 'wish', market: parseMarketCode('KRW-BTC'), timeframe: '15m', count, back: 0 },
    ...{ maxAgeMs: 1_000, untilMs, why: 'asked each quarter of an hour', source: 'habit' },
  };
}

function gated(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
