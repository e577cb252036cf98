import {
  compressOldChunks,
  migrateCandleStore,
  PostgresCandleStore,
} from '@candlekeep/candle-store';
import { SystemClock } from '@candlekeep/clock';
import type { Pool } from '@candlekeep/postgres';
import { silentLogger } from '@candlekeep/telemetry';
import { describeCandleStore } from '../support/candle-store-conformance';
import {
  candle,
  fillMinutes,
  freshSeries,
  keep,
  minutes,
  openOf,
  readAll,
} from '../support/candle-store/pages';
import { TimescaleServer } from '../support/timescale/timescale-server';

const CHUNKS = `
  SELECT is_compressed, range_end - range_start = INTERVAL '30 days' AS is_month
    FROM timescaledb_information.chunks WHERE hypertable_name = 'candles' ORDER BY range_start`;
const SETTINGS = `
  SELECT attname, segmentby_column_index AS segment, orderby_column_index AS position
    FROM timescaledb_information.compression_settings WHERE hypertable_name = 'candles' ORDER BY 2, 3`;
const POLICY = `
  SELECT config->>'compress_after' AS after FROM timescaledb_information.jobs
   WHERE hypertable_name = 'candles' AND proc_name LIKE '%compression'`;
/** Packed chunks that rows were written into since. */
const LOOSE = `
  SELECT count(*) AS chunks FROM timescaledb_information.chunks
    JOIN _timescaledb_catalog.chunk ON chunk_schema = schema_name AND chunk_name = table_name
   WHERE is_compressed AND status <> 1`;
const FILL = `
  INSERT INTO candles (market, timeframe, open_time, last_tick_ms, open, high, low, close, volume, turnover)
  SELECT $1, '1m', timestamptz '2025-09-01Z' + minute * interval '1 minute', 0, 1, 1, 1, 1, 1, 1
    FROM generate_series(0, $2::integer - 1) AS minute`;

describe('the candle store on TimescaleDB', () => {
  let server: TimescaleServer;

  const withStore = <Result>(
    work: (store: PostgresCandleStore, pool: Pool) => Promise<Result>,
  ): Promise<Result> => server.withPool((pool) => work(new PostgresCandleStore(pool), pool));

  beforeAll(async () => {
    server = await TimescaleServer.start();
    await server.withPool((pool) => migrateCandleStore(pool, silentLogger));
  });

  afterAll(async () => {
    await server.stop();
  });

  it('keeps candles in chunks of 30 days, to be packed by series after 30 days', async () => {
    await server.withPool((pool) => migrateCandleStore(pool, silentLogger));
    await withStore(async (store, pool) => {
      await keep(store, { series: freshSeries(), rows: [candle(0)], covered: minutes(0, 1) });
      expect((await pool.query(CHUNKS)).rows).toEqual([{ is_compressed: false, is_month: true }]);
      expect((await pool.query(SETTINGS)).rows).toMatchObject([
        { attname: 'market', segment: 1 },
        { attname: 'timeframe', segment: 2 },
        { attname: 'open_time', position: 1 },
      ]);
      expect((await pool.query(POLICY)).rows).toEqual([{ after: '30 days' }]);
    });
  });

  it('packs a chunk 30 days after its end, and nothing younger', async () => {
    const nowMs = new SystemClock().nowMs();
    const series = freshSeries();
    const openMs = series.timeframe.floor(nowMs);
    const covered = { fromMs: openMs, untilMs: openMs + 60_000 };
    await withStore((store) =>
      keep(store, { series, rows: [{ ...candle(0), openMs }], covered, readAtMs: nowMs }),
    );
    expect(await server.withPool((pool) => compressOldChunks(pool))).toBe(1);
    const { rows } = await server.withPool((pool) => pool.query(CHUNKS));
    expect(rows).toMatchObject([{ is_compressed: true }, { is_compressed: false }]);
  });

  it('is not packed by who was told to stop', async () => {
    const stopped = AbortSignal.abort(new Error('the worker stops'));
    await server.withPool(async (pool) => {
      await expect(compressOldChunks(pool, stopped)).rejects.toThrow('the worker stops');
    });
  });

  describe('with chunks that are packed', () => {
    let pool: Pool;

    beforeAll(async () => {
      await withStore((store) => fillMinutes(store, freshSeries(), 200));
      await server.withPool((free) => compressOldChunks(free));
      pool = server.connect();
      const { rows } = await pool.query(CHUNKS);
      expect(rows[0]).toMatchObject({ is_compressed: true });
    });

    afterAll(async () => {
      await server.disconnect(pool);
    });

    describeCandleStore(() => Promise.resolve(new PostgresCandleStore(pool)), { modelRuns: 10 });
  });

  it('corrects and reads rows of a packed chunk, and packs what was written into it', async () => {
    const series = freshSeries();
    const rows = await withStore((store) => fillMinutes(store, series, 5_000));
    for (const close of ['1.00000000', '2.00000000']) {
      await server.withPool((pool) => compressOldChunks(pool));
      await withStore(async (store, pool) => {
        expect((await pool.query(LOOSE)).rows).toEqual([{ chunks: 0 }]);
        expect((await readAll(store, series)).rows).toEqual(rows.toReversed());
        rows[2_500] = candle(2_500, close);
        const page = { series, rows: rows.slice(2_400, 2_600), covered: minutes(2_400, 2_600) };
        const { corrections } = await keep(store, page);
        expect(corrections).toMatchObject([{ openMs: openOf(2_500), was: 'native' }]);
        expect((await readAll(store, series)).rows).toEqual(rows.toReversed());
        expect((await pool.query(LOOSE)).rows).toEqual([{ chunks: 1 }]);
      });
    }
  });

  it('purges more packed rows than one statement may unpack by default', async () => {
    const series = freshSeries();
    const count = 120_000;
    await withStore(async (store, pool) => {
      await pool.query(FILL, [series.market, count]);
      const covered = minutes(0, count);
      await keep(store, { series, rows: [], covered, provenance: 'stream' });
    });
    await server.withPool((pool) => compressOldChunks(pool));
    await withStore(async (store) => {
      expect(await store.purge(series.market)).toMatchObject([{ series, rows: count }]);
      expect((await readAll(store, series)).rows).toEqual([]);
    });
  });
});
