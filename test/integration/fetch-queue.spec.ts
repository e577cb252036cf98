import { FetchFailed, type FetchJob } from '@candlekeep/jobs';
import { CandlekeepError } from '@candlekeep/market';
import { keys } from '@candlekeep/redis';
import { FetchSides, gated, PATIENT_BOT } from '../support/fetch-sides';
import { freshMarket } from '../support/redis';
import { redisDatabases } from '../support/redis-databases';

class Unlisted extends CandlekeepError {
  readonly code = 'UNKNOWN_MARKET';
  readonly retryable = false;
}

class Hiccup extends CandlekeepError {
  readonly code = 'HICCUP';
  readonly retryable = true;
}

type Crowd = 'candles' | 'folds' | 'texts';

/** How many of each queue a worker runs at once. */
const PLACES: Readonly<Record<Crowd, number>> = { candles: 200, folds: 10, texts: 200 };

/** A question of each queue, new at each call. */
const QUESTIONS: Readonly<Record<Crowd, () => FetchJob>> = {
  candles: () => ({ kind: 'page', ...series(), untilMs: 60_000 }),
  folds: () => ({ kind: 'fold', ...series(), untilMs: 60_000 }),
  texts: () => ({
    ...{ kind: 'forward', path: '/v1/ticker', query: freshMarket() },
    freshSinceMs: 0,
  }),
};

describe('fetch queues', () => {
  let sides: FetchSides;

  beforeEach(async () => {
    sides = await FetchSides.open(redisDatabases.fetchQueue);
  });
  afterEach(() => sides.close());

  it('runs one job for many equal requests of several processes and tells them all', async () => {
    const [a, b] = [await sides.requester(), await sides.requester()];
    const wanted = sides.job();
    const gate = gated();
    let runs = 0;
    await sides.consumer(async () => {
      runs += 1;
      await gate.opened;
    });
    const waiting = [a, b, a, b, a, b].map((side) => side.request(wanted, PATIENT_BOT));
    gate.open();
    const outcomes = await Promise.all(waiting);
    expect(runs).toBe(1);
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(6).fill('done'));
    expect(outcomes.filter(({ collapsed }) => !collapsed)).toHaveLength(1);
  });

  it('gives every waiter the reason of a failure, and one new attempt to who asks next', async () => {
    const side = await sides.requester();
    const wanted = sides.job();
    let runs = 0;
    await sides.consumer(async () => {
      runs += 1;
      if (runs === 1) throw new Unlisted('KRW-NONE is not listed');
      await Promise.resolve();
    });
    const failed = await Promise.allSettled([
      side.request(wanted, PATIENT_BOT),
      side.request(wanted, PATIENT_BOT),
    ]);
    for (const outcome of failed) {
      const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
      expect(reason).toBeInstanceOf(FetchFailed);
      expect(reason).toMatchObject({ code: 'UNKNOWN_MARKET', message: 'KRW-NONE is not listed' });
    }
    expect((await side.request(wanted, PATIENT_BOT)).kind).toBe('done');
    expect(runs).toBe(2);
  });

  it('tries a transient failure again before it tells anyone', async () => {
    const side = await sides.requester();
    let runs = 0;
    await sides.consumer(async () => {
      runs += 1;
      if (runs === 1) throw new Hiccup('later');
      await Promise.resolve();
    });
    expect((await sides.ask(side, sides.job())).kind).toBe('done');
    expect(runs).toBe(2);
  });

  it('ends the wait without word when nobody works, and forgets the listener', async () => {
    const side = await sides.requester();
    expect(await side.request(sides.job(), { waitMs: 50, lane: 'bot' })).toEqual({
      kind: 'no-word',
      collapsed: false,
    });
  });

  it('aborts what a stop finds running for too long, and leaves it to another worker', async () => {
    const side = await sides.requester();
    const wanted = sides.job();
    const started = gated();
    let aborted = false;
    const first = await sides.consumer(async (_job, signal) => {
      started.open();
      await sides.clock.sleep(60_000, signal).catch(() => {
        aborted = true;
        throw new Error('left');
      });
    });
    const waiting = sides.ask(side, wanted);
    await started.opened;
    await first.close();
    expect(aborted).toBe(true);
    const seen: FetchJob[] = [];
    await sides.consumer(async (taken) => {
      seen.push(taken);
      await Promise.resolve();
    });
    expect((await waiting).kind).toBe('done');
    expect(seen).toContainEqual(wanted);
  });

  it('gives what was handed back to a worker that has nothing to do, at once', async () => {
    const side = await sides.requester();
    const [started, idle] = [gated(), sides.open('blocking')];
    const first = await sides.consumer(async (_job, signal) => {
      started.open();
      await sides.clock.sleep(60_000, signal);
    });
    const waiting = sides.ask(side, sides.job(), { waitMs: 3_000, lane: 'chart' });
    await started.opened;
    await sides.consumer(() => Promise.resolve(), { redis: idle });
    await first.close();
    expect((await waiting).kind).toBe('done');
  });

  it('is deaf to messages that are no endings', async () => {
    const side = await sides.requester();
    const wanted = sides.job();
    const gate = gated();
    await sides.consumer(() => gate.opened);
    const waiting = side.request(wanted, PATIENT_BOT);
    await sides.redis.publish(keys.readyChannel(redisDatabases.fetchQueue), 'nonsense');
    await sides.redis.publish(
      keys.readyChannel(redisDatabases.fetchQueue),
      '{"id":"x","kind":"later"}',
    );
    gate.open();
    expect((await waiting).kind).toBe('done');
  });
});

describe('a crowd of fetches', () => {
  let sides: FetchSides;

  beforeEach(async () => {
    sides = await FetchSides.open(redisDatabases.fetchQueue);
  });
  afterEach(() => sides.close());

  const count = async (crowd: Crowd, state: string): Promise<number> => {
    const key = `${keys.queuePrefix}:${crowd}:${state}`;
    return state === 'active' ? await sides.redis.llen(key) : await sides.redis.zcard(key);
  };

  it.each<[Crowd, readonly Crowd[]]>([
    ['candles', ['folds', 'texts']],
    ['folds', ['candles', 'texts']],
    ['texts', ['candles', 'folds']],
  ])('of %s that come to no end delays no other: %j', async (crowd, others) => {
    const side = await sides.requester();
    const gate = gated();
    const hanging = Array.from({ length: PLACES[crowd] + 20 }, QUESTIONS[crowd]);
    const questions = new Set(hanging.map((job) => JSON.stringify(job)));
    await sides.consumer(async (job) => {
      if (questions.has(JSON.stringify(job))) await gate.opened;
    });
    const waiting = hanging.map((job) => sides.ask(side, job, { waitMs: 20_000, lane: 'bot' }));
    await sides.until(async () => (await count(crowd, 'active')) === PLACES[crowd]);
    await sides.until(async () => (await count(crowd, 'prioritized')) === 20);
    for (const other of others) {
      // Else there would be no word within the second.
      expect(await side.request(QUESTIONS[other](), PATIENT_BOT)).toMatchObject({ kind: 'done' });
    }
    gate.open();
    const outcomes = await Promise.all(waiting);
    expect(outcomes.filter(({ kind }) => kind === 'done')).toHaveLength(hanging.length);
  });

  it('is told to stop as a whole: all of its queues drain at once', async () => {
    const side = await sides.requester();
    const jobs = Object.values(QUESTIONS).map((question) => question());
    let started = 0;
    const first = await sides.consumer(
      async (_job, signal) => {
        started += 1;
        await sides.clock.sleep(60_000, signal);
      },
      { drainMs: 300 },
    );
    const waiting = jobs.map((job) => sides.ask(side, job));
    await sides.until(() => started === jobs.length);
    await first.close();
    await sides.consumer(() => Promise.resolve());
    const outcomes = await Promise.all(waiting);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
  });
});

function series() {
  return { market: freshMarket(), timeframe: '1m' };
}
