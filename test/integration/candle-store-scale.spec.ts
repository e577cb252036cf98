import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { migrateCandleStore, PostgresCandleStore } from '@candlekeep/candle-store';
import { SystemClock } from '@candlekeep/clock';
import { parseMarketCode, type Series, Timeframe } from '@candlekeep/market';
import { type Pool, withAdvisoryLock } from '@candlekeep/postgres';
import { silentLogger } from '@candlekeep/telemetry';
import { keep, LATE_MS, unverifiedRanges } from '../support/candle-store/pages';
import { planOf, statementsOf, stepsUnder } from '../support/explain';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

const YEAR = { fromMs: Date.UTC(2024, 8, 1), untilMs: Date.UTC(2025, 8, 1) };
const YEAR_ROWS = 525_600;
const PAGE_MS = 200 * 60_000;
const MINUTES: Series = {
  market: parseMarketCode('KRW-BTC'),
  timeframe: Timeframe.parse('1m'),
};

/** A year of minutes of one market, and a week of 19 others. */
const FILL = `
  INSERT INTO candles (market, timeframe, open_time, read_at, last_tick_ms, open, high, low, close, volume, turnover)
  SELECT market, '1m', open_time, open_time, (extract(epoch FROM open_time) * 1000)::bigint + 59132,
         103600000, 103600000, 103425000, 103460000.00000001, 1.59335120, 164899503.14206000
    FROM (SELECT 'KRW-BTC' AS market, timestamptz '2024-09-01Z' AS since
           UNION ALL
          SELECT 'KRW-M' || n, timestamptz '2025-08-25Z' FROM generate_series(1, 19) AS n) AS markets,
         generate_series(since, timestamptz '2025-08-31T23:59Z', interval '1 minute') AS open_time`;
const COVER = `
  INSERT INTO coverage (market, timeframe, ranges)
  SELECT market, timeframe, tstzmultirange(tstzrange(min(open_time), timestamptz '2025-09-01Z'))
    FROM candles GROUP BY market, timeframe`;

describe('the candle store with a year of minutes', () => {
  const clock = new SystemClock();
  let database: ScratchDatabase;
  let pool: Pool;
  let store: PostgresCandleStore;

  beforeAll(async () => {
    database = await createScratchDatabase();
    pool = database.connect();
    await migrateCandleStore(pool, silentLogger);
    // A connection without time limits.
    await withAdvisoryLock(pool, { name: 'fill' }, async (client) => {
      for (const statement of [FILL, COVER, 'ANALYZE']) await client.query(statement);
    });
    store = new PostgresCandleStore(pool);
  });

  afterAll(async () => {
    await database.drop();
  });

  it('finds rows by the primary key alone: no sort, no other scan', async () => {
    const beforeMs = YEAR.untilMs - 90 * 86_400_000;
    const covered = { fromMs: beforeMs - PAGE_MS, untilMs: beforeMs };
    const statements = await statementsOf(async () => {
      await store.read(MINUTES, { beforeMs, limit: 200 });
      const { rows } = await store.read(MINUTES, { beforeMs, limit: 1_000, ...covered });
      for await (const portion of store.stream(MINUTES, YEAR)) if (portion.length > 0) break;
      const corrected = rows.toReversed().map((row) => ({ ...row, volume: '2.00000000' }));
      await keep(store, { series: MINUTES, rows: corrected, covered, readAtMs: LATE_MS });
    });
    const reading = statements.filter(({ text }) => /SELECT[^]* FROM candles\s/.test(text));
    expect(reading).toHaveLength(4);
    for (const statement of reading) {
      for (const mode of ['force_custom_plan', 'force_generic_plan'] as const) {
        const plan = await planOf(pool, statement, mode);
        const scans = stepsUnder(plan).filter(({ table }) => table === 'candles');
        expect(scans).toMatchObject([{ type: 'Index Scan', index: 'candles_pkey' }]);
        const sorts = stepsUnder(plan).filter(({ type }) => type.includes('Sort'));
        expect(sorts.flatMap(stepsUnder).filter(({ table }) => table === 'candles')).toEqual([]);
      }
    }
  });

  it('does not read all that a page since the beginning lacks', async () => {
    const series: Series = { ...MINUTES, market: parseMarketCode('KRW-M1') };
    const newest = await store.read(series, { beforeMs: YEAR.untilMs, limit: 2 });
    const covered = { fromMs: 0, untilMs: YEAR.untilMs };
    const statements = await statementsOf(async () => {
      const rows = newest.rows.toReversed();
      const saved = await keep(store, { series, rows, covered, readAtMs: LATE_MS });
      expect(saved).toMatchObject({ inserted: 0, corrections: [] });
    });
    const reading = statements.filter(({ text }) => /SELECT[^]* FROM candles\s/.test(text));
    expect(reading).toHaveLength(2);
    for (const statement of reading) {
      const { rows } = await pool.query(statement.text, [...statement.values]);
      expect(rows.length).toBeLessThanOrEqual(10_000);
      const plan = await planOf(pool, statement, 'force_generic_plan');
      const scans = stepsUnder(plan).filter(({ table }) => table === 'candles');
      expect(scans).toMatchObject([{ index: 'candles_pkey' }]);
    }
    // Behind the limit nobody knows which slots have rows, so that none of them is verified.
    const lacked = { fromMs: 0, untilMs: YEAR.untilMs - 2 * 60_000 };
    expect(await unverifiedRanges(store, series)).toEqual([lacked]);
  });

  it('streams the whole year without holding it in memory', async () => {
    const before = heapBytes();
    let rows = 0;
    let lastMs = -Infinity;
    let isOrdered = true;
    let peak = before;
    for await (const portion of store.stream(MINUTES, YEAR)) {
      for (const { openMs } of portion) {
        isOrdered &&= openMs > lastMs;
        lastMs = openMs;
      }
      rows += portion.length;
      if (rows % 50_000 === 0) peak = Math.max(peak, heapBytes());
    }
    expect({ rows, isOrdered }).toEqual({ rows: YEAR_ROWS, isOrdered: true });
    const growth = peak - before;
    process.stdout.write(`   525,600 rows streamed, heap grew by ${megabytes(growth)} MB\n`);
    // All rows at once take more than 200 MB.
    expect(growth).toBeLessThan(30e6);
  });

  it('reads 200 rows in some milliseconds wherever they are', async () => {
    const tookMs: number[] = [];
    for (let i = 0; i < 300; i += 1) {
      const beforeMs = YEAR.untilMs - i * 1_700 * 60_000;
      const startedMs = clock.monotonicMs();
      const { rows } = await store.read(MINUTES, { beforeMs, limit: 200 });
      tookMs.push(clock.monotonicMs() - startedMs);
      expect(rows).toHaveLength(200);
    }
    tookMs.sort((a, b) => a - b);
    const [p50, p99] = [tookMs[150]!, tookMs[297]!];
    process.stdout.write(
      `   200 rows of 525,600 read: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms\n`,
    );
    expect(p50).toBeLessThan(50);
  });

  it('stops asking when the reader of a stream stops', async () => {
    const statements = await statementsOf(async () => {
      for await (const portion of store.stream(MINUTES, YEAR)) if (portion.length > 0) break;
    });
    expect(statements).toHaveLength(1);
    expect(pool.idleCount).toBe(pool.totalCount);
  });
});

/** Bytes in use after a full collection. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  return getHeapStatistics().used_heap_size;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
