import {
  CandleStoreUnavailable,
  migrateCandleStore,
  PostgresCandleStore,
} from '@candlekeep/candle-store';
import { Coverage, InvalidValue } from '@candlekeep/market';
import { createPool, inTransaction, type Pool } from '@candlekeep/postgres';
import { silentLogger } from '@candlekeep/telemetry';
import { describeCandleStore } from '../support/candle-store-conformance';
import {
  candle,
  EVERYTHING,
  freshSeries,
  keep,
  minutes,
  openOf,
  pageOf,
} from '../support/candle-store/pages';
import { MemoryCandleStore } from '../support/memory-candle-store';
import { statementsOf } from '../support/explain';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

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

  it('stores nothing of a page whose connection dies between coverage and rows', async () => {
    const series = freshSeries();
    const page = await pageOf(store, { series, rows: [candle(0)], covered: minutes(0, 1) });
    await inTransaction(pool, async (blocker) => {
      await blocker.query('LOCK TABLE candles IN EXCLUSIVE MODE');
      const failed = expect(store.save(page)).rejects.toThrow(CandleStoreUnavailable);
      await endBackendThatWaitsFor(blocker, 'INSERT INTO candles');
      await failed;
    });
    const known = await store.read(series, EVERYTHING);
    expect(known).toMatchObject({ rows: [], coverage: Coverage.EMPTY });
  });

  it('stores nothing of a page with an amount that no column can hold', async () => {
    const series = freshSeries();
    const rows = [candle(0), candle(1, `1${'0'.repeat(30)}.00000000`)];
    const saving = keep(store, { series, rows, covered: minutes(0, 2) });
    await expect(saving).rejects.toThrow(InvalidValue);
    expect((await store.read(series, EVERYTHING)).coverage.isEmpty).toBe(true);
  });

  it('takes three statements for a new page, and two for one that says nothing new', async () => {
    const draft = { series: freshSeries(), rows: [candle(0)], covered: minutes(0, 1) };
    const page = await pageOf(store, draft);
    expect(await statementsOf(() => store.save(page))).toHaveLength(3);
    expect(await statementsOf(() => store.save(page))).toHaveLength(2);
  });

  it('tells a DBA how often a final row was corrected', async () => {
    const series = freshSeries();
    for (const close of ['1.00000000', '2.00000000', '2.00000000', '3.00000000']) {
      await keep(store, { series, rows: [candle(0, close)], covered: minutes(0, 1) });
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
    await keep(store, { series, rows: [candle(0), candle(1)], covered });
    await pool.query(`ALTER ROLE CURRENT_USER IN DATABASE ${nameOf(database)}
                      SET timezone = 'Asia/Seoul'`);
    const abroad = new PostgresCandleStore(database.connect());
    const known = await abroad.read(series, { beforeMs: openOf(1), limit: 5 });
    expect(known).toMatchObject({ rows: [candle(0)], coverage: Coverage.of([covered]) });
    await keep(abroad, { series, rows: [candle(2)], covered: minutes(2, 3) });
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
