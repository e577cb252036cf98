import { ManualClock } from '@candlekeep/clock';
import {
  HistoryKeeper,
  oneRoundAtATime,
  Reconciler,
  ReconciliationTotals,
} from '@candlekeep/history';
import type { HistoryJob } from '@candlekeep/jobs';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { silentLogger } from '@candlekeep/telemetry';
import { openHistoryRig } from '../support/history-rig';
import { ModelExchange } from '../support/model-exchange';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5);
const NOW = START + 3_000 * MINUTE;
const timeframe = Timeframe.parse('1m');
const never = new AbortController().signal;

describe('reconciliation', () => {
  let database: ScratchDatabase;

  beforeAll(async () => {
    database = await createScratchDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });

  const openReconciler = async (market: string) => {
    const series = { market: parseMarketCode(market), timeframe };
    const opens = Array.from({ length: 3_000 }, (_, i) => START + i * MINUTE);
    const exchange = new ModelExchange(series, opens);
    const pool = database.connect();
    const rig = await openHistoryRig(pool, exchange, NOW);
    const totals = new ReconciliationTotals(pool);
    const { store, reader, clock } = rig;
    const nowMs = () => Promise.resolve(NOW);
    const reconciler = new Reconciler({ store, reader, totals, nowMs, clock, log: silentLogger });
    /** Stores minutes as they stood when the last of them closed: its last trades are not in yet. */
    const saveTooSoon = async (fromMinute: number, untilMinute: number) => {
      const untilMs = START + untilMinute * MINUTE;
      const rows = exchange.answer({ beforeMs: untilMs, count: untilMinute - fromMinute }, untilMs);
      await store.save({
        ...{ series, rows: rows.reverse(), provenance: 'native', readAtMs: untilMs },
        covered: { fromMs: START + fromMinute * MINUTE, untilMs },
        basis: [{ timeframe, revision: await store.openRevision(series) }],
      });
    };
    return { ...rig, series, exchange, totals, reconciler, saveTooSoon };
  };

  it('mends a row that was stored before its last trade, once, and counts it', async () => {
    const { reconciler, saveTooSoon, store, series, exchange, totals } =
      await openReconciler('KRW-R1');
    await saveTooSoon(100, 260);
    const query = { beforeMs: START + 260 * MINUTE, limit: 1 };
    const truth = exchange.answer({ beforeMs: query.beforeMs, count: 1 }, NOW);
    expect((await store.read(series, query)).rows).not.toEqual(truth);
    expect(await reconciler.run(never)).toMatchObject({ pages: 1, differences: 1, failures: 0 });
    expect((await store.read(series, query)).rows).toEqual(truth);
    expect(await reconciler.run(never)).toMatchObject({ pages: 0, differences: 0 });
    expect(await totals.read()).toMatchObject({ runs: 2, pages: 1, differences: 1, failures: 0 });
  });

  it('settles a long doubt with one call for 200 slots', async () => {
    const { reconciler, store, series, reader } = await openReconciler('KRW-R2');
    const covered = { fromMs: START, untilMs: START + 2_000 * MINUTE };
    const revision = await store.openRevision(series);
    await store.save({
      ...{ series, rows: [], covered, provenance: 'stream', readAtMs: NOW },
      basis: [{ timeframe, revision }],
    });
    expect(await reconciler.run(never)).toMatchObject({ pages: 10, differences: 2_000 });
    expect(reader.calls).toBe(10);
  });

  it('has one round at a time, whoever begins another meanwhile, and a new one after its end', async () => {
    const { reconciler, saveTooSoon } = await openReconciler('KRW-R4');
    await saveTooSoon(100, 260);
    const round = () => oneRoundAtATime(database.connect(), 'round', () => reconciler.run(never));
    let second: Promise<unknown> | undefined;
    const first = await oneRoundAtATime(database.connect(), 'round', async () => {
      second = round();
      await second;
      return await reconciler.run(never);
    });
    expect(await second).toBeUndefined();
    expect(first).toMatchObject({ pages: 1 });
    expect(await round()).toMatchObject({ runs: 1, pages: 0 });
  });

  it('leaves a series alone for half an hour whose page does not come', async () => {
    const { reconciler, saveTooSoon, reader, clock } = await openReconciler('KRW-R3');
    await saveTooSoon(100, 260);
    reader.before = (page) => {
      if (page === 1) throw new Error('away');
    };
    expect(await reconciler.run(never)).toMatchObject({ pages: 0, failures: 1 });
    expect(await reconciler.run(never)).toMatchObject({ pages: 0, failures: 0 });
    await clock.advance(30 * MINUTE);
    expect(await reconciler.run(never)).toMatchObject({ pages: 1, differences: 1 });
  });
});

describe('the keeper of history tasks', () => {
  it('adds a round and every running task at once and each half minute, until it is closed', async () => {
    const clock = new ManualClock();
    const added: HistoryJob[] = [];
    const queue = { add: (job: HistoryJob) => Promise.resolve(added.push(job)) };
    const book = { listRunning: () => Promise.resolve(['a', 'b']) };
    const keeper = new HistoryKeeper({ book, queue, clock, log: silentLogger });
    keeper.start();
    await clock.advance(0);
    const round = [
      { kind: 'reconcile' },
      { kind: 'compress' },
      { kind: 'task', taskId: 'a' },
      { kind: 'task', taskId: 'b' },
    ];
    expect(added).toEqual(round);
    await clock.advance(60_000);
    expect(added).toEqual([...round, ...round, ...round]);
    await keeper.close();
    await clock.advance(60_000);
    expect(added).toHaveLength(12);
  });
});
