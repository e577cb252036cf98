import {
  DEADLINE_PASSED,
  fetchId,
  type FetchDemand,
  FetchFailed,
  type FetchJob,
  type Urgency,
} from '@candlekeep/jobs';
import { CandlekeepError, laneRank } from '@candlekeep/market';
import { keys } from '@candlekeep/redis';
import { FetchSides, gated, PATIENT_BOT, SkewedClock } from '../support/fetch-sides';
import { redisDatabases } from '../support/redis-databases';

const DATABASE = redisDatabases.fetchUrgency;
const HURRY = keys.hurryChannel(DATABASE);
const READY = keys.readyChannel(DATABASE);
const PATIENT_BACKTEST: FetchDemand = { waitMs: 4_000, lane: 'backtest' };

class Paused extends CandlekeepError {
  readonly code = 'EXCHANGE_PAUSED';
  readonly retryable = true;
  override readonly retryAfterMs = 5_000;
}

describe('the urgency of a fetch', () => {
  let sides: FetchSides;

  beforeEach(async () => {
    sides = await FetchSides.open(DATABASE);
  });
  afterEach(() => sides.close());

  /** Runs one job after the other, and remembers them in the order in which they came. */
  const recorder = async () => {
    const seen: string[] = [];
    await sides.consumer(
      async (job) => {
        seen.push(fetchId(job));
        await Promise.resolve();
      },
      { places: { candles: 1 } },
    );
    return seen;
  };

  /** A worker that runs one job until the door opens, and what it sees of the job's urgency meanwhile. */
  const watcher = async (clock = sides.clock) => {
    const [started, gate] = [gated(), gated()];
    const changes: { rank: number; leftMs: number }[] = [];
    const subscriber = sides.open('subscriber');
    await sides.consumer(
      async (_job, _signal, urgency) => {
        const note = (of: Urgency) => {
          changes.push({ rank: of.rank, leftMs: of.untilMonotonicMs - clock.monotonicMs() });
        };
        note(urgency);
        const stop = urgency.onChange(() => {
          note(urgency);
        });
        started.open();
        await gate.opened;
        stop();
      },
      { clock, subscriber },
    );
    return { started, gate, changes, subscriber };
  };

  /** What is told over a channel from now on. */
  const listen = async (channel: string): Promise<unknown[]> => {
    const told: unknown[] = [];
    const listener = sides.open('subscriber');
    listener.on('message', (_channel, text) => told.push(JSON.parse(text)));
    await listener.subscribe(channel);
    return told;
  };

  it('ends with its deadline: a job that nobody waits for any more is dropped, not run', async () => {
    const side = await sides.requester();
    const wanted = sides.job();
    const endings = await listen(READY);
    expect((await side.request(wanted, { waitMs: 50, lane: 'chart' })).kind).toBe('no-word');
    const seen = await recorder();
    await sides.until(() => endings.length > 0);
    expect(endings).toMatchObject([{ id: fetchId(wanted), kind: 'failed', code: DEADLINE_PASSED }]);
    expect(seen).toEqual([]);
    expect(await sides.redis.keys(`${keys.queuePrefix}:candles:de:*`)).toEqual([]);
    expect(await sides.redis.zcard(`${keys.queuePrefix}:candles:failed`)).toBe(0);
  });

  it('is prolonged by who joins: the job runs though its first asker has gone', async () => {
    const [first, later] = [await sides.requester(), await sides.requester()];
    const wanted = sides.job();
    const outcome = first.request(wanted, { waitMs: 100, lane: 'bot' });
    await sides.until(async () => (await queued()) === 1);
    const waiting = sides.ask(later, wanted, PATIENT_BACKTEST);
    expect((await outcome).kind).toBe('no-word');
    const endings = await listen(READY);
    const seen = await recorder();
    expect((await waiting).kind).toBe('done');
    expect(seen).toEqual([fetchId(wanted)]);
    expect(endings).toEqual([{ id: fetchId(wanted), kind: 'done' }]);
  });

  it('is no failure to who joined a job just when it was dropped', async () => {
    const side = await sides.requester();
    const wanted = sides.job();
    const waiting = side.request(wanted, PATIENT_BOT);
    await sides.until(async () => (await queued()) === 1);
    const ending = { id: fetchId(wanted), kind: 'failed', code: DEADLINE_PASSED };
    const message = JSON.stringify({ ...ending, message: 'dropped', retryable: true });
    await sides.redis.publish(READY, message);
    expect((await waiting).kind).toBe('no-word');
  });

  it('puts a waiting job before those that are less urgent', async () => {
    const [a, b] = [await sides.requester(), await sides.requester()];
    const [slow, chart, raised] = [sides.job(), sides.job(), sides.job()];
    const inOrder: [FetchJob, FetchDemand['lane']][] = [
      [slow, 'backtest'],
      [raised, 'backtest'],
      [chart, 'chart'],
    ];
    const waiting: Promise<unknown>[] = [];
    for (const [index, [job, lane]] of inOrder.entries()) {
      waiting.push(sides.ask(a, job, { waitMs: 4_000, lane }));
      await sides.until(async () => (await queued()) === index + 1);
    }
    waiting.push(sides.ask(b, raised, PATIENT_BOT));
    await sides.until(async () => (await sides.redis.zcount(PRIORITIZED, 0, 2 * 2 ** 32)) === 1);
    const seen = await recorder();
    await Promise.all(waiting);
    expect(seen).toEqual([raised, chart, slow].map(fetchId));
  });

  it('does so by what the queue says, though the record has known of the urgency for long', async () => {
    const [a, b] = [await sides.requester(), await sides.requester()];
    const wanted = sides.job();
    const waiting = [sides.ask(a, wanted, PATIENT_BACKTEST)];
    await sides.until(async () => (await queued()) === 1);
    // Somebody more urgent wrote the record, and died before the queue had heard.
    await sides.redis.hset(keys.fetchWant(fetchId(wanted)), 'rank', 0);
    waiting.push(sides.ask(b, wanted, PATIENT_BOT));
    await sides.until(async () => (await sides.redis.zcount(PRIORITIZED, 0, 2 * 2 ** 32)) === 1);
    await recorder();
    await Promise.all(waiting);
  });

  it('grows while the job runs, once for each who wants more, however often that is said', async () => {
    const [a, b] = [await sides.requester(), await sides.requester()];
    const wanted = sides.job();
    const { started, gate, changes } = await watcher();
    const waiting = [sides.ask(a, wanted, PATIENT_BACKTEST)];
    await started.opened;
    waiting.push(sides.ask(b, wanted, PATIENT_BOT));
    await sides.until(() => changes.length > 1);
    const doubled = { id: fetchId(wanted), lane: 'bot', leftMs: 7_000 };
    for (const message of [doubled, doubled, { ...doubled, lane: 'chart' }, 'nonsense', { id: 1 }])
      await sides.redis.publish(HURRY, JSON.stringify(message));
    waiting.push(sides.ask(b, wanted, { waitMs: 20_000, lane: 'backfill' }));
    await sides.until(() => changes.length > 2);
    gate.open();
    await Promise.all(waiting);
    expect(changes.map(({ rank }) => rank)).toEqual([laneRank('backtest'), 0, 0]);
    const leftMs = changes.map((change) => Math.round(change.leftMs / 1_000));
    expect(leftMs).toEqual([4, 8, 20]);
  });

  it('grows though the word of it was lost, because who waits asks again', async () => {
    const [a, b] = [await sides.requester(), await sides.requester()];
    const wanted = sides.job();
    const { started, gate, changes, subscriber } = await watcher();
    const waiting = [sides.ask(a, wanted, PATIENT_BACKTEST)];
    await started.opened;
    await subscriber.unsubscribe(HURRY);
    const told = await listen(HURRY);
    waiting.push(sides.ask(b, wanted, PATIENT_BOT));
    await sides.until(() => told.length > 0);
    expect(told[0]).toMatchObject({ id: fetchId(wanted), lane: 'bot' });
    expect(changes).toHaveLength(1);
    await subscriber.subscribe(HURRY);
    await sides.until(() => changes.length > 1);
    gate.open();
    await Promise.all(waiting);
    expect(changes[1]?.rank).toBe(0);
  });

  it.each([
    [-5_000, 5_000],
    [5_000, -5_000],
  ])('knows no process’s clock: asker %d ms off, worker %d ms off', async (askerMs, workerMs) => {
    const side = await sides.requester({ clock: new SkewedClock(askerMs) });
    const wanted = sides.job();
    const { started, gate, changes } = await watcher(new SkewedClock(workerMs));
    const waiting = sides.ask(side, wanted, { waitMs: 2_000, lane: 'chart' });
    await started.opened;
    gate.open();
    expect((await waiting).kind).toBe('done');
    expect(changes[0]?.leftMs).toBeGreaterThan(1_000);
    expect(changes[0]?.leftMs).toBeLessThanOrEqual(2_000);
  });

  it('allows no attempt that would begin after the deadline, and passes on when asking can help', async () => {
    const side = await sides.requester();
    let runs = 0;
    await sides.consumer(() => {
      runs += 1;
      return Promise.reject(new Paused('paused for five seconds'));
    });
    const failure = side.request(sides.job(), { waitMs: 3_000, lane: 'bot' });
    await expect(failure).rejects.toThrow(FetchFailed);
    await expect(failure).rejects.toMatchObject({ code: 'EXCHANGE_PAUSED', retryAfterMs: 5_000 });
    expect(runs).toBe(1);
  });

  const PRIORITIZED = `${keys.queuePrefix}:candles:prioritized`;
  const queued = async (): Promise<number> => await sides.redis.zcard(PRIORITIZED);
});
