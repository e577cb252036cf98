import {
  CandleStoreUnavailable,
  migrateCandleStore,
  PostgresCandleStore,
} from '@candlekeep/candle-store';
import { Coverage, InvalidValue } from '@candlekeep/market';
import { createPool, inTransaction, type Pool } from '@candlekeep/postgres';
import { silentLogger } from '@candlekeep/telemetry';
import {
  candle,
  describeCandleStore,
  freshSeries,
  minutes,
  openOf,
} from '../support/candle-store-conformance';
import { MemoryCandleStore } from '../support/memory-candle-store';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

const EVERYTHING = { beforeMs: Date.UTC(2100, 0), limit: 1_000 };

describe('the candle store in memory', () => {
  describeCandleStore(() => Promise.resolve(new MemoryCandleStore()));
});

describe('the candle store in Postgres', () => {
  let database: ScratchDatabase;
  let pool: Pool;
  let store: PostgresCandleStore;

  beforeAll(async () => {
    database = await createScratchDatabase();
    pool = database.connect();
    await Promise.all(
      Array.from({ length: 4 }, () => migrateCandleStore(database.connect(), silentLogger)),
    );
    store = new PostgresCandleStore(pool);
  });

  afterAll(async () => {
    await database.drop();
  });

  describeCandleStore(() => Promise.resolve(store));

  it('takes twenty overlapping pages from as many workers at once', async () => {
    const series = freshSeries();
    const workers = Array.from({ length: 20 }, () => new PostgresCandleStore(database.connect()));
    const saves = workers.map((worker, i) => {
      const range = { first: i * 10, until: i * 10 + 200 };
      const rows = range200(range.first).map((minute) => candle(minute));
      return worker.save({ series, rows, covered: minutes(range.first, range.until) });
    });
    const saved = await Promise.all(saves);
    expect(saved.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(390);
    expect(saved.reduce((sum, { corrected }) => sum + corrected, 0)).toBe(0);
    const known = await store.read(series, EVERYTHING);
    expect(known.rows).toHaveLength(390);
    expect(known.coverage.ranges).toEqual([minutes(0, 390)]);
  });

  it('never shows a reader a covered minute without its row', async () => {
    const series = freshSeries();
    const missing: number[] = [];
    let reads = 0;
    let writing = true;
    const write = async (): Promise<void> => {
      for (let first = 800; first >= 0; first -= 20) {
        const rows = range200(first).map((minute) => candle(minute));
        await store.save({ series, rows, covered: minutes(first, first + 200) });
      }
    };
    const check = async (): Promise<void> => {
      for (; writing; reads += 1) {
        const { rows, coverage } = await store.read(series, EVERYTHING);
        const coveredMs = coverage.ranges.reduce((sum, r) => sum + r.untilMs - r.fromMs, 0);
        missing.push(coveredMs / 60_000 - rows.length);
      }
    };
    const written = write().finally(() => (writing = false));
    await Promise.all([written, check()]);
    expect(reads).toBeGreaterThan(5);
    expect(missing.filter((count) => count !== 0)).toEqual([]);
  });

  it('stores nothing of a page whose connection dies between coverage and rows', async () => {
    const series = freshSeries();
    const save = store.save.bind(store, { series, rows: [candle(0)], covered: minutes(0, 1) });
    await inTransaction(pool, async (blocker) => {
      await blocker.query('LOCK TABLE candles IN EXCLUSIVE MODE');
      const failed = expect(save()).rejects.toThrow(CandleStoreUnavailable);
      await endBackendThatWaitsFor(blocker, 'INSERT INTO candles');
      await failed;
    });
    const known = await store.read(series, EVERYTHING);
    expect(known).toEqual({ rows: [], coverage: Coverage.EMPTY });
  });

  it('stores nothing of a page with an amount that no column can hold', async () => {
    const series = freshSeries();
    const rows = [candle(0), candle(1, `1${'0'.repeat(30)}.00000000`)];
    const saving = store.save({ series, rows, covered: minutes(0, 2) });
    await expect(saving).rejects.toThrow(InvalidValue);
    expect((await store.read(series, EVERYTHING)).coverage.isEmpty).toBe(true);
  });

  it('tells a DBA how often a final row was corrected', async () => {
    const series = freshSeries();
    for (const close of ['1.00000000', '2.00000000', '2.00000000', '3.00000000']) {
      await store.save({ series, rows: [candle(0, close)], covered: minutes(0, 1) });
    }
    const { rows } = await pool.query(
      'SELECT corrections, provenance FROM candles WHERE market = $1',
      [series.market],
    );
    expect(rows).toEqual([{ corrections: 2, provenance: 'native' }]);
  });

  it('reads the same instants in a session of any time zone', async () => {
    const series = freshSeries();
    const covered = { fromMs: 0, untilMs: openOf(2) };
    await store.save({ series, rows: [candle(0), candle(1)], covered });
    await pool.query(`ALTER ROLE CURRENT_USER IN DATABASE ${nameOf(database)}
                      SET timezone = 'Asia/Seoul'`);
    const abroad = new PostgresCandleStore(database.connect());
    const known = await abroad.read(series, { beforeMs: openOf(1), limit: 5 });
    expect(known).toEqual({ rows: [candle(0)], coverage: Coverage.of([covered]) });
    await abroad.save({ series, rows: [candle(2)], covered: minutes(2, 3) });
    expect((await store.read(series, { ...EVERYTHING, limit: 1 })).rows).toEqual([candle(2)]);
  });

  it('says which series it could not read when the server is gone', async () => {
    const series = freshSeries();
    const url = 'postgres://nobody@127.0.0.1:1/nowhere';
    const gone = createPool({ url, applicationName: 'tests', onError: () => undefined });
    const orphan = new PostgresCandleStore(gone);
    const reading = orphan.read(series, EVERYTHING);
    await expect(reading).rejects.toThrow(CandleStoreUnavailable);
    await expect(reading).rejects.toThrow(`could not read stored candles of ${series.market}:1m`);
    await gone.end();
  });
});

function range200(first: number): number[] {
  return Array.from({ length: 200 }, (_, i) => first + i);
}

function nameOf(database: ScratchDatabase): string {
  return new URL(database.url).pathname.slice(1);
}

/** Waits until some session waits for a lock in a statement that contains `text`, then ends that session. */
async function endBackendThatWaitsFor(client: Pick<Pool, 'query'>, text: string): Promise<void> {
  const statement = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                      WHERE datname = current_database() AND wait_event_type = 'Lock'
                        AND pid <> pg_backend_pid() AND strpos(query, $1) > 0`;
  for (let ended = 0; ended === 0;) {
    // The statistics are a snapshot per transaction, and the blocker's transaction is long.
    await client.query('SELECT pg_stat_clear_snapshot()');
    ended = (await client.query(statement, [text])).rowCount ?? 0;
  }
}
