import { SystemClock } from '@candlekeep/clock';
import { HistoryConsumer, type HistoryJob, HistoryQueue, type JobTally } from '@candlekeep/jobs';
import { CandlekeepError } from '@candlekeep/market';
import { keys, openRedis, type RedisConnection, type RedisRole } from '@candlekeep/redis';
import { silentLogger } from '@candlekeep/telemetry';
import { CleanUp } from '../support/clean-up';
import { MutedProxy } from '../support/muted-proxy';
import { redisUrl } from '../support/servers';
import { redisDatabases } from '../support/redis-databases';

/** A database of its own: other tests work through the same queue. */
const DATABASE = redisDatabases.backgroundQueue;

class Hiccup extends CandlekeepError {
  readonly code = 'HICCUP';
  readonly retryable = true;
}

class Refusal extends CandlekeepError {
  readonly code = 'REFUSAL';
  readonly retryable = false;
}

/** Keeps what it is told. */
class Told implements JobTally {
  readonly waits: number[] = [];
  readonly runs: number[] = [];
  readonly ends: string[] = [];

  waited(_queue: string, waitedMs: number): void {
    this.waits.push(waitedMs);
  }

  ran(_queue: string, tookMs: number): void {
    this.runs.push(tookMs);
  }

  ended(queue: string, outcome: string): void {
    this.ends.push(`${queue} ${outcome}`);
  }
}

describe('history queue', () => {
  const clock = new SystemClock();
  const cleanUp = new CleanUp();
  let redis: RedisConnection;

  const open = (role: RedisRole, server = redisUrl()): RedisConnection => {
    const url = new URL(server);
    url.pathname = `/${DATABASE}`;
    const opened = openRedis({
      ...{ url: url.href, role, name: `test-${role}` },
      onError: (error) => {
        throw error;
      },
    });
    cleanUp.add(() => {
      opened.disconnect();
    });
    return opened;
  };
  const queue = (): HistoryQueue => {
    const made = new HistoryQueue({ redis, clock, log: silentLogger });
    cleanUp.add(() => made.close());
    return made;
  };
  const consumer = async (
    handle: (job: HistoryJob, signal: AbortSignal) => Promise<void>,
    concurrency = 2,
    tally: JobTally = new Told(),
  ): Promise<HistoryConsumer> => {
    const parts = { redis: open('blocking'), handle, tally, clock, log: silentLogger, concurrency };
    const made = new HistoryConsumer(parts);
    cleanUp.add(() => made.close());
    await made.start();
    return made;
  };

  beforeEach(async () => {
    redis = open('command');
    const left = await redis.keys(`${keys.queuePrefix}:history:*`);
    if (left.length > 0) await redis.del(left);
  });
  afterEach(() => cleanUp.run());

  it('runs a task once, however many processes add it while it is under way', async () => {
    const [a, b] = [queue(), queue()];
    const seen: HistoryJob[] = [];
    const [started, gate] = [gated(), gated()];
    await consumer(async (job) => {
      seen.push(job);
      started.open();
      await gate.opened;
    });
    expect(await a.add({ kind: 'task', taskId: 't1' })).toBe(true);
    expect(await b.add({ kind: 'task', taskId: 't1' })).toBe(false);
    await started.opened;
    expect(await b.add({ kind: 'task', taskId: 't1' })).toBe(false);
    gate.open();
    await until(async () => await a.add({ kind: 'task', taskId: 't1' }));
    await until(() => Promise.resolve(seen.length === 2));
    expect(seen[1]).toEqual({ kind: 'task', taskId: 't1' });
  });

  it('takes at most one reconciliation a minute from all processes, even when it has ended', async () => {
    const [a, b] = [queue(), queue()];
    const ended = gated();
    await consumer(async () => {
      ended.open();
      await Promise.resolve();
    });
    const added = await Promise.all([a, b, a, b].map((side) => side.add({ kind: 'reconcile' })));
    expect(added.filter(Boolean)).toHaveLength(1);
    await ended.opened;
    await until(async () => (await redis.llen(`${keys.queuePrefix}:history:active`)) === 0);
    expect(await b.add({ kind: 'reconcile' })).toBe(false);
    const ttlMs = await redis.pttl(`${keys.queuePrefix}:history:de:reconcile`);
    expect(ttlMs).toBeGreaterThan(50_000);
    expect(ttlMs).toBeLessThanOrEqual(60_000);
  });

  it('leaves the other places free while long tasks fill theirs', async () => {
    const side = queue();
    const gate = gated();
    let [running, most] = [0, 0];
    await consumer(async () => {
      running += 1;
      most = Math.max(most, running);
      await gate.opened;
      running -= 1;
    });
    for (const taskId of ['t1', 't2', 't3']) await side.add({ kind: 'task', taskId });
    await until(() => Promise.resolve(running === 2));
    expect(await redis.llen(`${keys.queuePrefix}:history:wait`)).toBe(1);
    gate.open();
    await until(async () => await side.add({ kind: 'task', taskId: 't3' }));
    expect(most).toBe(2);
  });

  it('hands a job back that was on its way when all were told to stop', async () => {
    const way = await MutedProxy.open(redisUrl());
    cleanUp.add(() => way.close());
    const side = queue();
    const seen: HistoryJob[] = [];
    const [started, gate] = [gated(), gated()];
    const handle = async (job: HistoryJob): Promise<void> => {
      seen.push(job);
      started.open();
      await gate.opened;
    };
    const late = new HistoryConsumer({
      ...{ redis: open('blocking', way.url), handle, concurrency: 1, clock, log: silentLogger },
    });
    await late.start();
    for (const taskId of ['t1', 't2']) await side.add({ kind: 'task', taskId });
    await started.opened;
    way.mute();
    gate.open();
    // The end of the first brings the second.
    await until(async () => (await redis.llen(`${keys.queuePrefix}:history:wait`)) === 0);
    const closing = late.close();
    await clock.sleep(100);
    way.unmute();
    await closing;
    expect(seen).toHaveLength(1);
    expect(await redis.llen(`${keys.queuePrefix}:history:wait`)).toBe(1);
  });

  it('tells a running task at once to stop, and lets another worker go on with it', async () => {
    const side = queue();
    const started = gated();
    let stopped = false;
    const first = await consumer(async (_job, signal) => {
      started.open();
      await clock.sleep(60_000, signal).finally(() => {
        stopped = true;
      });
    });
    await side.add({ kind: 'task', taskId: 't1' });
    await started.opened;
    const beganMs = clock.monotonicMs();
    await first.close();
    expect(stopped).toBe(true);
    expect(clock.monotonicMs() - beganMs).toBeLessThan(10_000);
    const seen: HistoryJob[] = [];
    await consumer(async (job) => {
      seen.push(job);
      await Promise.resolve();
    });
    await until(() => Promise.resolve(seen.length === 1));
  });

  it('tries a task again after a transient failure', async () => {
    const side = queue();
    let runs = 0;
    await consumer(async () => {
      runs += 1;
      if (runs === 1) throw new Hiccup('later');
      await Promise.resolve();
    });
    await side.add({ kind: 'task', taskId: 't1' });
    await until(() => Promise.resolve(runs === 2));
  });

  it('tells how each run of a job ended, how long it took, and its first wait', async () => {
    const side = queue();
    const told = new Told();
    let runs = 0;
    const first = await consumer(
      async (_job, signal) => {
        runs += 1;
        if (runs === 1) throw new Hiccup('later');
        if (runs === 2) throw new Refusal('never');
        if (runs === 4) await clock.sleep(60_000, signal);
      },
      1,
      told,
    );
    const added = async (taskId: string, end: string): Promise<void> => {
      await side.add({ kind: 'task', taskId });
      await until(() => Promise.resolve(told.ends.at(-1) === end));
    };
    await added('t1', 'history failed');
    await added('t2', 'history done');
    await side.add({ kind: 'task', taskId: 't3' });
    await until(() => Promise.resolve(runs === 4));
    await first.close();
    await redis.hset(`${keys.queuePrefix}:history:x`, { data: '{}', opts: '{}', timestamp: '1' });
    await redis.lpush(`${keys.queuePrefix}:history:wait`, 'x');
    await consumer(() => Promise.resolve(), 1, told);
    await until(() => Promise.resolve(told.ends.length === 6));
    const ends = ['retried', 'failed', 'done', 'handed-back'].map((end) => `history ${end}`);
    expect(told.ends.slice(0, 4)).toEqual(ends);
    expect(told.ends.slice(4).toSorted()).toEqual(['history done', 'history refused']);
    expect([told.runs.length, told.waits.length]).toEqual([5, 3]);
    for (const ms of [...told.runs, ...told.waits]) expect(ms).toBeLessThan(10_000);
  });

  it('runs a task anew after the queue has lost everything', async () => {
    const side = queue();
    const seen: HistoryJob[] = [];
    await side.add({ kind: 'task', taskId: 't1' });
    await redis.del(await redis.keys(`${keys.queuePrefix}:history:*`));
    expect(await side.add({ kind: 'task', taskId: 't1' })).toBe(true);
    await consumer(async (job) => {
      seen.push(job);
      await Promise.resolve();
    });
    await until(() => Promise.resolve(seen.length === 1));
  });

  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await clock.sleep(10);
  }
});

function gated(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
