import { migrateCandleStore, PostgresCandleStore } from '@candlekeep/candle-store';
import { ManualClock } from '@candlekeep/clock';
import { migrateHistory, TaskBook } from '@candlekeep/history';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import type { Pool } from '@candlekeep/postgres';
import { migratePreloads, RunBook } from '@candlekeep/preloader';
import { migrateStrategies, StrategyBook } from '@candlekeep/strategies';
import { silentLogger } from '@candlekeep/telemetry';
import { migrateUsage, modelOf, UsageBook } from '@candlekeep/usage';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

const minute = Timeframe.parse('1m');
const good = parseMarketCode('KRW-GOOD');
const bad = parseMarketCode('KRW-BAD');
const clock = new ManualClock(Date.UTC(2026, 0, 2));

describe('a row that somebody else has written', () => {
  let database: ScratchDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createScratchDatabase();
    pool = database.connect();
    await migrateCandleStore(pool, silentLogger);
    await migrateHistory(pool, silentLogger);
    await migratePreloads(pool, silentLogger);
    await migrateStrategies(pool, silentLogger);
    await migrateUsage(pool, silentLogger);
  });
  afterAll(async () => {
    await database.drop();
  });

  const insertCandle = async (market: string, close: string): Promise<void> => {
    await pool.query(
      `INSERT INTO candles (market, timeframe, open_time, last_tick_ms, open, high, low, close, volume, turnover)
       VALUES ($1, '1m', '2026-01-01T00:00:00Z', 0, 1, 1, 1, $2, 1, 1)`,
      [market, close],
    );
    await pool.query(
      `INSERT INTO coverage (market, timeframe, ranges) VALUES ($1, '1m', '{[2026-01-01T00:00:00Z,2026-01-01T01:00:00Z)}')`,
      [market],
    );
  };

  it('is named when it is a candle, and other series are read', async () => {
    const store = new PostgresCandleStore(pool);
    await insertCandle(good, '7');
    await insertCandle(bad, 'NaN');
    const query = { beforeMs: clock.nowMs(), limit: 10 };
    const read = await store.read({ market: good, timeframe: minute }, query);
    expect(read.rows.map(({ close }) => Number(close))).toEqual([7]);
    await expect(store.read({ market: bad, timeframe: minute }, query)).rejects.toThrow(
      /KRW-BAD:1m.*"close" of the row of 2026-01-01T00:00:00.000Z in the table candles is NaN/,
    );
  });

  it('is named when it is what is known of a series, and other markets are read', async () => {
    const store = new PostgresCandleStore(pool);
    await pool.query(`UPDATE coverage SET ranges = '{[2026-01-01T00:00:00Z,)}' WHERE market = $1`, [
      bad,
    ]);
    expect([...(await store.readKnowledge(good)).keys()]).toEqual(['1m']);
    await expect(store.readKnowledge(bad)).rejects.toThrow(
      /KRW-BAD.*table coverage goes from 1767225600000 to null: expected two instants/,
    );
  });

  it('is named when it tells how far usage was learned, and rows are learned on', async () => {
    const told: string[] = [];
    const book = new UsageBook(pool, { onUnreadable: ({ message }) => told.push(message) });
    const garbage: readonly unknown[] = ['garbage', { v: 9 }, [1], 1e300, { v: 2, habits: 'none' }];
    const rows = garbage.map((data, index) => ({ key: `bot KRW-BTC:15m 60 ${index} 1000`, data }));
    await book.save(rows, '1795357759285-1', 1);
    await pool.query(`UPDATE usage_state SET last_id = 'garbage'`);
    const learned = await book.load(2);
    expect(learned).toMatchObject({ lastId: '0', untilMs: 0 });
    expect(told).toEqual([expect.stringMatching(/row of usage_state.*"garbage" is no place/)]);
    const model = await modelOf(learned.rows, clock);
    expect(model.counts).toEqual({ questions: 0, unreadable: rows.length });
    expect([...model.unreadableKeys].toSorted()).toEqual(rows.map(({ key }) => key).toSorted());
  });

  it('is named when it is a history task, and the others are listed', async () => {
    const told: unknown[] = [];
    const book = new TaskBook(pool, clock, { onUnreadable: (error) => told.push(error) });
    const range = { fromMs: 0, untilMs: 3_600_000 };
    const ids: string[] = [];
    for (const unit of ['1m', '3m', '5m']) {
      const series = { market: good, timeframe: Timeframe.parse(unit) };
      const request = { kind: 'backfill', series, range, openEnded: false } as const;
      ids.push((await book.open(request)).task.id);
    }
    const [whole = '', strange = '', unknown = ''] = ids;
    await pool.query(`UPDATE history_tasks SET differences = '{"a":1}' WHERE id = $1`, [strange]);
    await pool.query(`UPDATE history_tasks SET timeframe = 'zz' WHERE id = $1`, [unknown]);
    const listed = await book.list('backfill');
    expect(listed.map(({ id }) => id).toSorted()).toEqual([whole, strange].toSorted());
    expect((await book.find(strange))?.reason).toContain(`row "${strange}" of history_tasks`);
    await expect(book.find(unknown)).rejects.toThrow(`row "${unknown}" of history_tasks`);
    expect(told).toEqual([expect.objectContaining({ code: 'INVALID_VALUE' })]);
    expect((await book.listRunning()).toSorted()).toEqual(ids.toSorted());
  });

  it('is named when it is a strategy, and the others are listed', async () => {
    const told: string[] = [];
    const book = new StrategyBook(pool, { onUnreadable: (id) => told.push(id) });
    const garbage = ['"text"', '1e300', '[]', 'null', '{"strategyId":{"a":1}}'];
    for (const [index, document] of garbage.entries()) {
      await pool.query(
        `INSERT INTO strategies (id, document, is_active, revision, first_revision) VALUES ($1, $2, true, 1, 1)`,
        [`s${index}`, document],
      );
    }
    expect(await book.listActive()).toEqual([]);
    expect(told).toEqual(garbage.map((_, index) => `s${index}`));
    for (const listed of await book.list()) {
      const named: unknown = expect.stringMatching(/^strategy "s\d" is refused: /);
      expect(listed).toMatchObject({ unreadable: named });
    }
  });

  it('is listed when it is a preload run of no strategy, among the others', async () => {
    const runs = new RunBook(pool, clock);
    await runs.open('trend');
    await pool.query(
      `INSERT INTO preload_runs (id, strategy_id, total, done) VALUES ('x', 'a/b \n', -5, 2147483647)`,
    );
    expect((await runs.list()).map(({ strategyId }) => strategyId)).toContain('trend');
    expect(await new StrategyBook(pool).find('a/b \n')).toBeUndefined();
    await runs.end('x', 'cancelled');
    expect((await runs.listRunning()).map(({ strategyId }) => strategyId)).toEqual(['trend']);
  });
});
