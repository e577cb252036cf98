import { createServer } from 'node:net';
import { fetchId, type FetchDemand, type FetchJob, FetchFailed } from '@candlekeep/jobs';
import { CandlekeepError } from '@candlekeep/market';
import { keys, openRedis } from '@candlekeep/redis';
import { Queue } from 'bullmq';
import { FetchSides, gated, PATIENT_BOT } from '../support/fetch-sides';
import { redisDatabases } from '../support/redis-databases';

const QUEUE = `${keys.queuePrefix}:candles`;

class Hiccup extends CandlekeepError {
  readonly code = 'HICCUP';
  readonly retryable = true;
}

class Unlisted extends CandlekeepError {
  readonly code = 'UNKNOWN_MARKET';
  readonly retryable = false;
}

describe('the fetch queues are bounded', () => {
  let sides: FetchSides;

  beforeEach(async () => {
    sides = await FetchSides.open(redisDatabases.fetchBounds);
  });
  afterEach(() => sides.close());

  /** 200 callers of four processes ask for the same, then the worker may go on. */
  const herd = async (attempt: (run: number) => void) => {
    const askers = await Promise.all(Array.from({ length: 4 }, () => sides.requester()));
    const [gate, wanted] = [gated(), sides.job()];
    let runs = 0;
    await sides.consumer(async () => {
      await gate.opened;
      runs += 1;
      attempt(runs);
    });
    const waiting = Array.from({ length: 50 }, () => askers.map((side) => sides.ask(side, wanted)));
    const settled = Promise.allSettled(waiting.flat());
    await sides.until(async () => (await sides.redis.llen(`${QUEUE}:active`)) === 1);
    gate.open();
    return { askers, wanted, outcomes: await settled, runs: () => runs };
  };
  const addedJobs = async (): Promise<number> => {
    const events = await sides.redis.xrange(`${QUEUE}:events`, '-', '+');
    return events.filter(([, fields]) => fields.includes('added')).length;
  };

  it('to one job for 200 equal requests through four processes', async () => {
    const { outcomes, runs } = await herd(() => undefined);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(200);
    expect([runs(), await addedJobs()]).toEqual([1, 1]);
  });

  it('to one more attempt for all of them when the first one fails', async () => {
    const { outcomes, runs } = await herd((run) => {
      if (run === 1) throw new Hiccup('not now');
    });
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(200);
    expect([runs(), await addedJobs()]).toEqual([2, 1]);
  });

  it('to one failure, which all of them learn, and one new job for all who ask then', async () => {
    const { askers, wanted, outcomes, runs } = await herd((run) => {
      if (run === 1) throw new Unlisted('KRW-NONE is not listed');
    });
    const reasons = outcomes.map((outcome) =>
      outcome.status === 'rejected' && outcome.reason instanceof FetchFailed
        ? outcome.reason.code
        : outcome.status,
    );
    expect(reasons).toEqual(Array(200).fill('UNKNOWN_MARKET'));
    await Promise.all(askers.map((side) => sides.ask(side, wanted)));
    expect(runs()).toBeGreaterThanOrEqual(2);
    expect(runs()).toBe(await addedJobs());
  });

  it('in what a job holds: the question, and nothing else is left when it has ended', async () => {
    const side = await sides.requester();
    const wanted = sides.job();
    const waiting = sides.ask(side, wanted);
    await sides.until(async () => (await sides.redis.zcard(`${QUEUE}:prioritized`)) === 1);
    const [jobId = ''] = await sides.redis.zrange(`${QUEUE}:prioritized`, '0', '0');
    const { data = '', ...others } = await sides.redis.hgetall(`${QUEUE}:${jobId}`);
    const held: unknown = JSON.parse(data);
    const untilMs: unknown = expect.any(Number);
    expect(held).toEqual({ job: wanted, lane: 'bot', untilMs });
    expect(data.length + JSON.stringify(others).length).toBeLessThan(1_000);
    await sides.consumer(() => Promise.resolve());
    await waiting;
    const lasting = ['events', 'id', 'marker', 'meta', 'pc', 'stalled', 'stalled-check'];
    const queues = ['candles', 'folds', 'texts'].map((name) => `${keys.queuePrefix}:${name}`);
    const kept = queues.flatMap((queue) => lasting.map((name) => `${queue}:${name}`));
    const left = async () => (await sides.redis.keys('*')).filter((key) => !kept.includes(key));
    await sides.until(async () => (await left()).length === 0);
  });

  it('in length: what nobody waits for is refused first, and what waits already never', async () => {
    const side = await sides.requester();
    const refresh: FetchDemand = { waitMs: 50, lane: 'refresh' };
    const known = sides.job();
    await side.request(known, refresh);
    await fill(999);
    const refused = sides.job();
    const refusal = { code: 'QUEUE_FULL', retryable: true, retryAfterMs: 5_000 };
    await expect(side.request(refused, refresh)).rejects.toMatchObject(refusal);
    expect(await sides.redis.exists(keys.fetchWant(fetchId(refused)))).toBe(0);
    expect(await side.request(known, refresh)).toEqual({ kind: 'no-word', collapsed: true });
    const bot: FetchDemand = { waitMs: 50, lane: 'bot' };
    expect((await side.request(sides.job(), bot)).kind).toBe('no-word');
    await fill(8_999);
    await expect(side.request(sides.job(), bot)).rejects.toMatchObject(refusal);
    expect(await side.request(known, bot)).toEqual({ kind: 'no-word', collapsed: true });
    const text: FetchJob = { kind: 'markets', details: false, freshSinceMs: 0 };
    expect((await side.request(text, refresh)).kind).toBe('no-word');
  });

  it('in callers that wait in one process', async () => {
    const side = await sides.requester({ maxWaiters: 3 });
    const wanted = sides.job();
    const waiting = [wanted, wanted, sides.job()].map((job) => side.request(job, PATIENT_BOT));
    const refusal = { code: 'TOO_MANY_WAITERS', retryAfterMs: 1_000 };
    await expect(side.request(wanted, PATIENT_BOT)).rejects.toMatchObject(refusal);
    await sides.consumer(() => Promise.resolve());
    await Promise.all(waiting);
    expect((await side.request(wanted, PATIENT_BOT)).kind).toBe('done');
  });

  it('in time: a caller waits no longer than it said, though others do, and though nothing answers', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const redis = openRedis({
      ...{ url: `redis://127.0.0.1:${port ?? 0}`, role: 'command', name: 'test-silent' },
      onError: () => undefined,
    });
    const [side, unheard] = [await sides.requester(), await sides.requester({ redis })];
    const wanted = sides.job();
    const patient = side.request(wanted, PATIENT_BOT);
    const beganMs = sides.clock.monotonicMs();
    const hasty: FetchDemand = { waitMs: 100, lane: 'chart' };
    const outcomes = await Promise.all([side, unheard].map((one) => one.request(wanted, hasty)));
    expect(sides.clock.monotonicMs() - beganMs).toBeLessThan(600);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['no-word', 'no-word']);
    await patient;
    redis.disconnect();
    silent.close();
  });

  it.each<[string, FetchJob, FetchDemand]>([
    [
      'query',
      { kind: 'forward', path: '/v1/x', query: 'x'.repeat(16_001), freshSinceMs: 0 },
      PATIENT_BOT,
    ],
    ['path', { kind: 'forward', path: '/x'.repeat(33), query: '', freshSinceMs: 0 }, PATIENT_BOT],
    ['waitMs', { kind: 'markets', details: false, freshSinceMs: 0 }, { waitMs: 0, lane: 'bot' }],
    ['waitMs', { kind: 'markets', details: false, freshSinceMs: 0 }, { waitMs: NaN, lane: 'bot' }],
  ])('in what may be asked: refuses a %s out of bounds', async (name, job, demand) => {
    const side = await sides.requester();
    await expect(side.request(job, demand)).rejects.toMatchObject({ code: 'INVALID_VALUE' });
    await expect(side.request(job, demand)).rejects.toThrow(name);
  });

  async function fill(jobs: number): Promise<void> {
    const queue = new Queue('candles', { connection: sides.redis, prefix: keys.queuePrefix });
    const bulk = Array.from({ length: jobs }, (_, index) => ({
      ...{ name: 'page', data: index, opts: { priority: 9 } },
    }));
    await queue.addBulk(bulk);
    await queue.close();
  }
});
