import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateCandleStore, PostgresCandleStore } from '@candlekeep/candle-store';
import { migrate } from '@candlekeep/postgres';
import { silentLogger } from '@candlekeep/telemetry';
import {
  candle,
  freshSeries,
  keep,
  minutes,
  readAll,
  unverifiedRanges,
} from '../support/candle-store/pages';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

const MIGRATIONS = path.resolve('libs', 'candle-store', 'src', 'migrations');
const FIRST = '0001_candles.sql';

describe('the candle store over a database of its first version', () => {
  let database: ScratchDatabase;
  let directory: string;

  beforeAll(async () => {
    database = await createScratchDatabase();
    directory = await mkdtemp(path.join(tmpdir(), 'candlekeep-migrations-'));
    await copyFile(path.join(MIGRATIONS, FIRST), path.join(directory, FIRST));
  });

  afterAll(async () => {
    await database.drop();
    await rm(directory, { recursive: true });
  });

  it('keeps what was stored, under a revision, and doubts it until it is read again', async () => {
    const pool = database.connect();
    await migrate(pool, { directory, log: silentLogger });
    const series = freshSeries();
    await pool.query(
      `INSERT INTO candles (market, timeframe, open_time, last_tick_ms, open, high, low, close, volume, turnover)
       VALUES ($1, '1m', '2025-09-01T00:01Z', 1756684919132, 103600000, 103600000, 103425000, 103460000, 1.5933512, 164899503.14206)`,
      [series.market],
    );
    await pool.query(
      `INSERT INTO coverage (market, timeframe, ranges)
       VALUES ($1, '1m', '{[2025-09-01T00:00Z, 2025-09-01T00:03Z)}')`,
      [series.market],
    );
    await migrateCandleStore(pool, silentLogger);
    const store = new PostgresCandleStore(pool);
    const known = await readAll(store, series);
    expect(known.rows).toEqual([candle(1)]);
    expect(known.coverage.ranges).toEqual([minutes(0, 3)]);
    expect(known.revision).toBeGreaterThan(Date.UTC(2025, 0));
    expect(await unverifiedRanges(store, series)).toEqual([minutes(0, 3)]);
    await keep(store, { series, rows: [candle(1)], covered: minutes(0, 3) });
    expect(await readAll(store, series)).toEqual(known);
    expect(await unverifiedRanges(store, series)).toEqual([]);
  });
});
