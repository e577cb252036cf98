import type { WindowWish } from '@candlekeep/candle-cache';
import { ManualClock } from '@candlekeep/clock';
import type { AddedPreload, PreloadJob, PreloadSchedule } from '@candlekeep/jobs';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { ServerClock } from '@candlekeep/redis';
import type { UsageNote } from '@candlekeep/usage';
import { LogRecorder } from '../../../../test/support/log-recorder';
import type { ActiveNeeds } from '../foresight/active-needs';
import type { PreloadPlan } from '../plan/preload-plan';
import type { PreloadRun } from '../runs/preload-run';
import { PreloadOwner } from './preload-owner';

const CLOSE_MS = Date.UTC(2026, 0, 14, 9, 15);
const START_MS = CLOSE_MS - 60_000;
const series = { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('15m') };
const NEEDS: ActiveNeeds = {
  revision: 7,
  needs: [{ series, candles: 158, reasons: [], strategies: ['demo'], sinceMs: START_MS }],
};

interface Troubles {
  /** Postgres gives no strategies. */
  needs: boolean;
  /** Postgres gives nothing that was learned. */
  load: boolean;
  /** Another one learns by now. */
  save: boolean;
  /** The queue takes no wish. */
  queue: boolean;
}

interface Seen {
  readonly schedules: string[][];
  readonly wishes: (readonly WindowWish[])[];
  readonly jobs: PreloadJob[];
  readonly plans: PreloadPlan[];
  loads: number;
  saves: number;
}

/** An owner over queues, books and windows that note what is done with them. */
function openRig(troubles: Partial<Troubles> = {}) {
  const clock = new ManualClock(START_MS);
  const log = new LogRecorder();
  const trouble = { needs: false, load: false, save: false, queue: false, ...troubles };
  const unless = async <Value>(isAway: boolean, value: Value): Promise<Value> => {
    await Promise.resolve();
    if (isAway) throw new Error('Postgres is away');
    return value;
  };
  const seen: Seen = { schedules: [], wishes: [], jobs: [], plans: [], loads: 0, saves: 0 };
  const notes: UsageNote[] = [];
  const runs: PreloadRun[] = [];
  const serverClock = new ServerClock(() => Promise.resolve(clock.nowMs()), clock);
  const stop = new AbortController();
  const parts = {
    ...{ name: 'host:1', queueClock: serverClock, cacheClock: serverClock, clock, log },
    tell: (plan: PreloadPlan) => Promise.resolve(void seen.plans.push(plan)),
    reader: {
      read: () =>
        Promise.resolve({ notes: notes.splice(0), lastId: '1-1', lost: 0, unreadable: 0 }),
    },
    usage: {
      load: async () => {
        seen.loads += 1;
        return await unless(trouble.load, { rows: [], lastId: '0', untilMs: clock.nowMs() });
      },
      save: () => {
        seen.saves += 1;
        return Promise.resolve(!trouble.save);
      },
    },
    needs: { read: () => unless(trouble.needs, NEEDS) },
    runs: { listRunning: () => Promise.resolve(runs) },
    queue: {
      add: (job: PreloadJob): Promise<AddedPreload> => {
        seen.jobs.push(job);
        return Promise.resolve(trouble.queue ? 'full' : 'added');
      },
      reconcile: (wanted: readonly PreloadSchedule[]) => {
        seen.schedules.push(wanted.map(({ id }) => id));
        return Promise.resolve({ added: [], changed: [], removed: [] });
      },
      schedules: () => Promise.resolve([]),
    },
    window: {
      prefer: (wishes: readonly WindowWish[]) => Promise.resolve(void seen.wishes.push(wishes)),
    },
    budget: { read: () => Promise.resolve({ perHour: 1_200, left: 60 }) },
  };
  const term = {
    ...{ token: 5, signal: stop.signal },
    depose: () => {
      stop.abort();
    },
  };
  const owning = new PreloadOwner(parts, term).own();
  const end = async (): Promise<void> => {
    stop.abort();
    await owning;
  };
  /** A second at a time, so that what is begun is seen through. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 1_000) await clock.advance(1_000);
  };
  return { clock, pass, log, trouble, seen, notes, runs, stop, owning, end };
}

describe('the owner of preloading', () => {
  it('changes no schedule and no wish before it knows what is needed', async () => {
    const { pass, seen, trouble, end } = openRig({ needs: true });
    await pass(130_000);
    expect([seen.schedules, seen.wishes]).toEqual([[], []]);
    trouble.needs = false;
    await pass(5_000);
    expect(seen.schedules.at(-1)).toContain('timeframe:15m');
    expect(seen.wishes.at(-1)?.map((wish) => wish.series.timeframe.code)).toContain('15m');
    await end();
  });

  it('keeps what it knew when strategies cannot be looked up any more, and says so once', async () => {
    const { pass, log, seen, trouble, end } = openRig();
    await pass(1_000);
    trouble.needs = true;
    await pass(600_000);
    expect(seen.schedules.every((ids) => ids.includes('timeframe:15m'))).toBe(true);
    expect(seen.wishes.every((wishes) => wishes.length > 0)).toBe(true);
    expect(log.lines.filter(({ level }) => level !== 'info')).toHaveLength(1);
    await end();
  });

  it('waits longer and longer for what was learned, and says so once', async () => {
    const { pass, log, seen, trouble, end } = openRig({ load: true });
    await pass(600_000);
    expect(seen.loads).toBeGreaterThan(5);
    expect(seen.loads).toBeLessThan(40);
    expect(log.lines.length).toBeLessThanOrEqual(2 * seen.loads);
    expect(seen.jobs).toEqual([]);
    trouble.load = false;
    await pass(30_000);
    expect(seen.plans.length).toBeGreaterThan(0);
    await end();
  });

  it('has what a strategy needs asked for at its close', async () => {
    const { pass, seen, end } = openRig();
    await pass(CLOSE_MS + 1_000 - START_MS);
    expect(seen.jobs).toMatchObject([
      { kind: 'wish', market: 'KRW-BTC', timeframe: '15m', back: 0, source: 'strategy' },
    ]);
    await end();
  });

  it('has it asked for again when the queue did not take it, and tells how often that was', async () => {
    const { clock, pass, seen, trouble, end } = openRig({ queue: true });
    await pass(CLOSE_MS - START_MS);
    await clock.advance(100);
    const refused = seen.jobs.length;
    expect(refused).toBeGreaterThan(1);
    trouble.queue = false;
    await pass(6_000);
    expect(seen.jobs).toHaveLength(refused + 1);
    expect(seen.plans.at(-1)?.counts).toMatchObject({ asks: 1, refused });
    await end();
  });

  it('has running runs worked on from the beginning, and again and again', async () => {
    const { pass, seen, runs, end } = openRig();
    const run = { id: 'a', strategyId: 'one', state: 'running' as const, total: 0, done: 0 };
    runs.push({ ...run, calls: 0, createdAtMs: 0, updatedAtMs: 0 });
    await pass(2_000);
    expect(seen.jobs).toEqual([{ kind: 'run', runId: 'a' }]);
    await pass(20_000);
    expect(seen.jobs.length).toBeGreaterThanOrEqual(3);
    await end();
  });

  it('learns from notes, shows what it does, and saves at the end', async () => {
    const { clock, pass, seen, notes, end } = openRig();
    const note = { caller: 'desk', series, count: 60, back: 0, maxAgeMs: 1_000, times: 1 };
    await pass(1_000);
    notes.push({ ...note, atMs: clock.nowMs() });
    await pass(5_000);
    const plan = seen.plans.at(-1);
    expect(plan).toMatchObject({ owner: 'host:1', counts: { notes: 1, lost: 0 } });
    expect(plan?.warm.map(({ timeframe }) => timeframe)).toEqual(['15m', '1m']);
    expect(plan?.upcoming[0]).toMatchObject({ timeframe: '15m', source: 'strategy' });
    const saves = seen.saves;
    await end();
    expect(seen.saves).toBe(saves + 1);
  });

  it('gives up its term when another one learns', async () => {
    const { pass, stop, owning, trouble } = openRig();
    await pass(1_000);
    trouble.save = true;
    await pass(61_000);
    expect(stop.signal.aborted).toBe(true);
    await owning;
  });
});
