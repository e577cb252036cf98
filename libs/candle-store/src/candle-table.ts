import { type ClientBase, detectTimescale, type Timescale } from '@candlekeep/postgres';

/** How the connected database keeps candles. */
export interface CandleTable {
  readonly timescale: Timescale;
  /** Whether `candles` is a hypertable; else a plain table, which answers the same and takes more room. */
  readonly isHypertable: boolean;
  /** TimescaleDB's own background jobs in this database. */
  readonly jobs: readonly TimescaleJob[];
}

/** One background job of TimescaleDB. */
export interface TimescaleJob {
  /** `Columnstore Policy [1000]`. */
  readonly name: string;
  /** Whether it is the one that packs candles past correction. */
  readonly packsCandles: boolean;
  /** False when somebody has paused it. */
  readonly isScheduled: boolean;
  /** How its last run ended; undefined when it has never run. */
  readonly lastRun: 'done' | 'failed' | undefined;
  readonly failures: number;
  /** What its newest failure said. */
  readonly lastError: string | undefined;
}

const HYPERTABLES = `
  SELECT count(*)::int AS count FROM timescaledb_information.hypertables
   WHERE hypertable_schema = current_schema() AND hypertable_name = 'candles'`;

const JOBS = `
  SELECT job.application_name AS name,
         COALESCE(job.hypertable_schema = current_schema() AND job.hypertable_name = 'candles'
                  AND job.proc_name LIKE '%compression', false) AS packs,
         job.scheduled,
         stats.last_run_status AS status,
         COALESCE(stats.total_failures, 0)::int AS failures,
         (SELECT err_message FROM timescaledb_information.job_errors AS failure
           WHERE failure.job_id = job.job_id ORDER BY finish_time DESC LIMIT 1) AS error
    FROM timescaledb_information.jobs AS job
    LEFT JOIN timescaledb_information.job_stats AS stats USING (job_id)
   ORDER BY job.job_id`;

interface JobRow {
  readonly name: string;
  readonly packs: boolean;
  readonly scheduled: boolean;
  readonly status: string | null;
  readonly failures: number;
  readonly error: string | null;
}

/** Looks at the table of candles, and at TimescaleDB where it is installed; changes nothing. */
export async function readCandleTable(client: Pick<ClientBase, 'query'>): Promise<CandleTable> {
  const timescale = await detectTimescale(client);
  if (timescale.kind !== 'installed') return { timescale, isHypertable: false, jobs: [] };
  const { rows: tables } = await client.query<{ count: number }>(HYPERTABLES);
  const { rows } = await client.query<JobRow>(JOBS);
  return { timescale, isHypertable: tables[0]?.count === 1, jobs: rows.map(jobOf) };
}

function jobOf({ name, packs, scheduled, status, failures, error }: JobRow): TimescaleJob {
  const lastRun = status === 'Failed' ? 'failed' : 'done';
  return {
    name,
    packsCandles: packs,
    isScheduled: scheduled,
    lastRun: status === null ? undefined : lastRun,
    failures,
    lastError: error ?? undefined,
  };
}
