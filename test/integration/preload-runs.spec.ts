import { SystemClock } from '@candlekeep/clock';
import type { Pool } from '@candlekeep/postgres';
import { migratePreloads, RunBook } from '@candlekeep/preloader';
import { silentLogger } from '@candlekeep/telemetry';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

describe('the book of preload runs', () => {
  let scratch: ScratchDatabase;
  let pool: Pool;
  let book: RunBook;

  beforeAll(async () => {
    scratch = await createScratchDatabase();
    pool = scratch.connect();
    await Promise.all([migratePreloads(pool, silentLogger), migratePreloads(pool, silentLogger)]);
    book = new RunBook(pool, new SystemClock());
  });
  afterAll(async () => {
    await scratch.drop();
  });

  it('opens one run for a strategy, however many ask at once', async () => {
    const opened = await Promise.all(Array.from({ length: 10 }, () => book.open('one')));
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    expect(opened[0]).toMatchObject({ strategyId: 'one', state: 'running', total: 0, done: 0 });
  });

  it('adds calls, and never says that less is at hand', async () => {
    const { id } = await book.open('two');
    await book.advance(id, { total: 5, done: 3, calls: 3 });
    expect(await book.advance(id, { total: 5, done: 1, calls: 1 })).toMatchObject({
      ...{ total: 5, done: 3, calls: 4 },
    });
  });

  it('lets a cancelled run neither go on nor end in another way', async () => {
    const { id } = await book.open('three');
    await book.cancelOf('three');
    expect(await book.advance(id, { total: 5, done: 3, calls: 3 })).toBeUndefined();
    await book.end(id, 'done');
    await book.holdUp(id, 'the exchange is away');
    expect(await book.find(id)).toMatchObject({ state: 'cancelled', done: 0 });
    expect((await book.open('three')).id).not.toBe(id);
  });

  it('lists what runs, and the newest first', async () => {
    const { id } = await book.open('four');
    const [newest] = await book.list();
    expect(newest?.id).toBe(id);
    expect((await book.listRunning()).map(({ strategyId }) => strategyId)).toEqual(
      expect.arrayContaining(['four', 'one', 'two']),
    );
    await book.end(id, 'failed', 'no such market');
    expect((await book.listRunning()).map((run) => run.id)).not.toContain(id);
    expect(await book.find(id)).toMatchObject({ state: 'failed', reason: 'no such market' });
  });

  it('knows whether a strategy was brought since it changed, however that ended', async () => {
    const { id, createdAtMs } = await book.open('five');
    await book.cancelOf('five');
    expect(await book.find(id)).toMatchObject({ state: 'cancelled' });
    expect(await book.hasRunSince('five', createdAtMs)).toBe(true);
    expect(await book.hasRunSince('five', createdAtMs + 1)).toBe(false);
    expect(await book.hasRunSince('four', createdAtMs + 1)).toBe(false);
    expect(await book.hasRunSince('six', 0)).toBe(false);
  });

  it('keeps what runs and the newest thousand', async () => {
    await pool.query(
      `INSERT INTO preload_runs (id, strategy_id, state, created_at)
       SELECT 'old-' || n, 'old', 'done', '2020-01-01'::timestamptz + n * interval '1 s' FROM generate_series(1, 1200) AS n`,
    );
    await book.prune();
    const { rows } = await pool.query<{ kept: number }>(
      'SELECT count(*)::int AS kept FROM preload_runs',
    );
    expect(rows[0]?.kept).toBe(1_000);
    expect(await book.find('old-1')).toBeUndefined();
    expect(await book.find('old-1200')).toBeDefined();
  });

  it('finds nothing under what is no id', async () => {
    expect(await book.find('../etc')).toBeUndefined();
    expect(await book.find('nobody')).toBeUndefined();
  });
});
