import { migrateCandleStore, readCandleTable } from '@candlekeep/candle-store';
import type { Pool } from '@candlekeep/postgres';
import { silentLogger } from '@candlekeep/telemetry';
import { createScratchDatabase } from '../support/scratch-database';
import { TimescaleServer } from '../support/timescale/timescale-server';

const PACKING = `
  SELECT job_id FROM timescaledb_information.jobs
   WHERE hypertable_name = 'candles' AND proc_name LIKE '%compression'`;
/** As TimescaleDB's scheduler notes a run that failed. */
const FAILED_RUN = `
  INSERT INTO _timescaledb_internal.bgw_job_stat
    (job_id, last_start, last_finish, next_start, last_successful_finish, last_run_success, total_runs, total_duration,
     total_duration_failures, total_successes, total_failures, total_crashes, consecutive_failures, consecutive_crashes)
  VALUES ($1, now(), now(), now() + interval '1 hour', '-infinity', false, 2, interval '0',
          interval '1 second', 0, 2, 0, 2, 0)`;

describe('the table of candles', () => {
  it('is plain on a server without TimescaleDB', async () => {
    const database = await createScratchDatabase();
    try {
      const pool = database.connect();
      await migrateCandleStore(pool, silentLogger);
      const plain = { timescale: { kind: 'absent' }, isHypertable: false, jobs: [] };
      expect(await readCandleTable(pool)).toEqual(plain);
    } finally {
      await database.drop();
    }
  });

  describe('on TimescaleDB', () => {
    let server: TimescaleServer;

    beforeAll(async () => {
      server = await TimescaleServer.start();
    });

    afterAll(async () => {
      await server.stop();
    });

    const packing = async (pool: Pool) => {
      const { jobs } = await readCandleTable(pool);
      return jobs.filter(({ packsCandles }) => packsCandles);
    };

    it('is told from one that is not converted yet', async () => {
      await server.withPool(async (pool) => {
        expect((await readCandleTable(pool)).timescale).toMatchObject({ kind: 'available' });
        await pool.query('CREATE EXTENSION timescaledb');
        const installed = { timescale: { kind: 'installed' }, isHypertable: false };
        expect(await readCandleTable(pool)).toMatchObject(installed);
      });
    });

    it('has a packing job, which tells how its last run went', async () => {
      await server.withPool(async (pool) => {
        await migrateCandleStore(pool, silentLogger);
        expect(await readCandleTable(pool)).toMatchObject({ isHypertable: true });
        const fresh = { isScheduled: true, lastRun: undefined, failures: 0 };
        expect(await packing(pool)).toMatchObject([fresh]);
        const { rows } = await pool.query<{ job_id: number }>(PACKING);
        const jobId = rows[0]?.job_id;
        await pool.query(FAILED_RUN, [jobId]);
        expect(await packing(pool)).toMatchObject([{ lastRun: 'failed', failures: 2 }]);
        await pool.query('SELECT alter_job($1, scheduled => false)', [jobId]);
        expect(await packing(pool)).toMatchObject([{ isScheduled: false }]);
      });
    });
  });
});
