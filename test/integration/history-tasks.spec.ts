import { ManualClock } from '@candlekeep/clock';
import { type HistoryRequest, ReconciliationTotals, TaskBook } from '@candlekeep/history';
import { CandlekeepError, parseMarketCode, Timeframe } from '@candlekeep/market';
import { createPool } from '@candlekeep/postgres';
import { openHistoryRig } from '../support/history-rig';
import { ModelExchange } from '../support/model-exchange';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 5);
const NOW = START + 10_000 * MINUTE;
const timeframe = Timeframe.parse('1m');
const never = new AbortController().signal;

class Trouble extends CandlekeepError {
  constructor(
    readonly retryable: boolean,
    readonly code = 'TROUBLE',
  ) {
    super('the exchange is in trouble');
  }
}

describe('a history task', () => {
  let database: ScratchDatabase;
  let markets = 0;

  beforeAll(async () => {
    database = await createScratchDatabase();
  });
  afterAll(async () => {
    await database.drop();
  });

  /** A market that was traded in every `step`th of 2,000 minutes, and a task for all of them. */
  const openRig = async (step = 1) => {
    markets += 1;
    const series = { market: parseMarketCode(`KRW-H${markets}`), timeframe };
    const opens = Array.from({ length: 2_000 / step }, (_, i) => START + i * step * MINUTE);
    const exchange = new ModelExchange(series, opens);
    const rig = await openHistoryRig(database.connect(), exchange, NOW);
    const range = { fromMs: START, untilMs: START + 2_000 * MINUTE };
    const wish = (kind: HistoryRequest['kind']): HistoryRequest => ({
      ...{ kind, series, range, openEnded: false },
    });
    const run = async (kind: HistoryRequest['kind']) => {
      const { task } = await rig.book.open(wish(kind));
      await rig.runner().run(task.id, never);
      return await rig.book.find(task.id);
    };
    return { ...rig, series, range, wish, run };
  };

  it('is one task for all who ask at the same time, and a new one after its end', async () => {
    const { book, wish, run } = await openRig();
    const opened = await Promise.all(Array.from({ length: 8 }, () => book.open(wish('backfill'))));
    expect(new Set(opened.map(({ task }) => task.id)).size).toBe(1);
    expect(opened.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect((await book.open({ ...wish('backfill'), openEnded: true })).isNew).toBe(true);
    await run('backfill');
    expect((await book.open(wish('backfill'))).isNew).toBe(true);
  });

  it('that has no end of its own is found again when the wish comes later', async () => {
    const { book, wish, range } = await openRig();
    const first = await book.open({ ...wish('backfill'), openEnded: true });
    const later = { fromMs: range.fromMs, untilMs: range.untilMs + MINUTE };
    const again = await book.open({ ...wish('backfill'), openEnded: true, range: later });
    expect(again).toEqual({ task: first.task, isNew: false });
  });

  it.each([
    [1, 10],
    [2, 5],
    [5, 2],
  ])(
    'of a market traded in every %i. minute costs %i calls for 2,000 minutes',
    async (step, calls) => {
      const { run, reader } = await openRig(step);
      expect(await run('backfill')).toMatchObject({
        ...{ state: 'done', cursorMs: START },
        counts: { pages: calls, calls, rows: 2_000 / step },
      });
      expect(reader.calls).toBe(calls);
      expect((await run('verification'))?.counts).toMatchObject({
        ...{ pages: calls, compared: 2_000 / step, missing: 0, surplus: 0, different: 0 },
      });
    },
  );

  it('goes on where a worker died, whether the page was stored or not, and counts nothing twice', async () => {
    const { book, wish, reader, runner } = await openRig();
    const { task } = await book.open(wish('backfill'));
    const runAndDie = async (): Promise<void> => {
      const death = new AbortController();
      die = () => {
        death.abort();
        throw new Trouble(true);
      };
      await expect(runner().run(task.id, death.signal)).rejects.toThrow(Trouble);
    };
    let die = (): void => undefined;
    reader.before = (page) => {
      if (page === 3) die();
    };
    reader.after = (page) => {
      if (page === 6) die();
    };
    await runAndDie();
    await runAndDie();
    await runner().run(task.id, never);
    // Page 3 was asked for and never came; page 6 was stored and not counted, and is not asked for again.
    expect(reader.calls).toBe(11);
    expect(await book.find(task.id)).toMatchObject({
      ...{ state: 'done', failures: 0, counts: { pages: 9, rows: 1_800 } },
    });
  });

  it('that two workers run at once counts each page once', async () => {
    const { book, wish, runner } = await openRig();
    const { task } = await book.open(wish('verification'));
    await Promise.all([runner().run(task.id, never), runner().run(task.id, never)]);
    await runner().run(task.id, never);
    expect(await book.find(task.id)).toMatchObject({ state: 'done', counts: { pages: 10 } });
  });

  it('that is held up says by what, and goes on', async () => {
    const { book, wish, reader, runner } = await openRig();
    const { task } = await book.open(wish('backfill'));
    reader.before = () => {
      throw new Trouble(true);
    };
    await expect(runner().run(task.id, never)).rejects.toThrow(Trouble);
    const held = { state: 'running', failures: 1, reason: 'the exchange is in trouble' };
    expect(await book.find(task.id)).toMatchObject(held);
    reader.before = () => undefined;
    await runner().run(task.id, never);
    const ended = await book.find(task.id);
    expect(ended).toMatchObject({ state: 'done', failures: 0 });
    expect(ended).not.toHaveProperty('reason');
  });

  it('that cannot succeed fails at once with the reason', async () => {
    const { reader, run } = await openRig();
    reader.before = () => {
      throw new Trouble(false);
    };
    const failed = { state: 'failed', reason: 'the exchange is in trouble' };
    expect(await run('backfill')).toMatchObject(failed);
  });

  it('has no name that is no text to Postgres', async () => {
    const { book } = await openRig();
    expect(await book.find('\0')).toBeUndefined();
    expect(await book.cancel('backfill', '\0')).toBeUndefined();
  });

  it('that Postgres does not answer for may be asked for again', async () => {
    const url = 'postgres://nobody@127.0.0.1:1/nothing';
    const pool = createPool({ url, applicationName: 'test', onError: () => undefined });
    const book = new TaskBook(pool, new ManualClock());
    const away = { code: 'HISTORY_UNAVAILABLE', retryable: true };
    for (const asked of [book.list('backfill'), book.listRunning(), book.cancel('backfill', 'a')]) {
      await expect(asked).rejects.toMatchObject(away);
    }
    await expect(new ReconciliationTotals(pool).read()).rejects.toMatchObject(away);
    await expect(book.find('a')).rejects.toThrow(/read or write a history task.*DATABASE_URL/);
    await pool.end();
  });

  it('that is cancelled makes no further call', async () => {
    const { book, wish, reader, runner } = await openRig();
    const { task } = await book.open(wish('backfill'));
    let cancelled: Promise<unknown> | undefined;
    reader.after = (page) => {
      if (page === 3) cancelled = book.cancel('backfill', task.id);
    };
    await runner().run(task.id, never);
    await cancelled;
    expect(reader.calls).toBeLessThanOrEqual(4);
    expect(await book.find(task.id)).toMatchObject({ state: 'cancelled' });
    expect(await book.cancel('verification', task.id)).toBeUndefined();
  });

  it('stops at the beginning of history', async () => {
    const { book, wish, range, runner, reader } = await openRig();
    const ever = { fromMs: 0, untilMs: range.untilMs };
    const { task } = await book.open({ ...wish('backfill'), range: ever });
    await runner().run(task.id, never);
    expect(await book.find(task.id)).toMatchObject({ state: 'done', cursorMs: 0 });
    expect(reader.calls).toBe(11);
  });

  it('is held up by candles that are not settled yet, for as long as it takes, and does not fail', async () => {
    const { book, wish, runner, reader } = await openRig();
    const { task } = await book.open(wish('backfill'));
    const page = reader.readPage.bind(reader);
    const unsettled = jest.spyOn(reader, 'readPage').mockImplementation(async (question) => {
      const { covered, ...rest } = await page(question);
      return { ...rest, covered: { ...covered, untilMs: covered.untilMs - MINUTE } };
    });
    await expect(runner().run(task.id, never)).rejects.toMatchObject({ code: 'NOT_SETTLED' });
    const heldUp = await book.find(task.id);
    expect(heldUp).toMatchObject({ state: 'running', failures: 0 });
    expect(heldUp?.reason).toContain('may still change');
    unsettled.mockRestore();
    await runner().run(task.id, never);
    expect(await book.find(task.id)).toMatchObject({ state: 'done' });
  });

  it('counts a page that denies stored candles as one surplus, after it was denied again and again', async () => {
    const { book, wish, runner, reader, range } = await openRig();
    const { task } = await book.open(wish('verification'));
    reader.before = (page) => {
      if (page <= 4) throw new Trouble(true, 'EXCHANGE_CONTRADICTS');
    };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(runner().run(task.id, never)).rejects.toThrow(Trouble);
    }
    await runner().run(task.id, never);
    const page = { kind: 'surplus', openMs: range.untilMs - 200 * MINUTE };
    expect(await book.find(task.id)).toMatchObject({
      ...{ state: 'done', counts: { surplus: 1 }, differences: [page] },
    });
  });

  it('keeps a hundred differences in detail and counts them all', async () => {
    const { run, store, series, range } = await openRig();
    const revision = await store.openRevision(series);
    await store.save({
      ...{ series, rows: [], covered: range, provenance: 'native', readAtMs: START },
      basis: [{ timeframe, revision }],
    });
    const verified = await run('verification');
    expect(verified?.counts.missing).toBe(2_000);
    expect(verified?.differences).toHaveLength(100);
    expect((await run('verification'))?.counts).toMatchObject({ missing: 0, compared: 2_000 });
  });
});
