import type { MetricDeclaration } from './metric-declaration';

const WORKER = ['worker'] as const;

const CALL_BOUNDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] as const;
/** From a page that is known to a backfill of years. */
const JOB_BOUNDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60, 600, 3_600] as const;

/** What workers tell. */
export const workerMetrics = {
  exchangeCalls: {
    kind: 'counter',
    name: 'candlekeep_exchange_calls_total',
    help: 'Calls sent to the exchange, by limit group, by whom they were for, and by how they ended.',
    labels: ['group', 'lane', 'outcome'],
    on: WORKER,
  },
  exchangeDuration: {
    kind: 'histogram',
    name: 'candlekeep_exchange_call_duration_seconds',
    help: 'From sending a call until its whole answer, or its end without one.',
    labels: ['group'],
    bounds: CALL_BOUNDS,
    on: WORKER,
  },
  jobs: {
    kind: 'counter',
    name: 'candlekeep_jobs_total',
    help: 'Runs of jobs by how they ended: done; dropped, as nobody waited any more; retried, which failed and will run again; failed for good; refused, as it was no job of ours; handed back by a worker that stops.',
    labels: ['queue', 'outcome'],
    on: WORKER,
  },
  jobDuration: {
    kind: 'histogram',
    name: 'candlekeep_job_duration_seconds',
    help: 'From the start of a job in a worker until its end, the wait for its calls included.',
    labels: ['queue'],
    bounds: JOB_BOUNDS,
    on: WORKER,
  },
  jobWait: {
    kind: 'histogram',
    name: 'candlekeep_job_wait_seconds',
    help: 'How long jobs stood in the queue before a worker first took them, by the clocks of who added and who took them.',
    labels: ['queue'],
    bounds: JOB_BOUNDS,
    on: WORKER,
  },
  storedRows: {
    kind: 'counter',
    name: 'candlekeep_stored_rows_total',
    help: 'Candles of slots that were unknown, kept for good in Postgres, by how they came to be known: native, or a fold.',
    labels: ['timeframe', 'provenance'],
    on: WORKER,
  },
  correctedRows: {
    kind: 'counter',
    name: 'candlekeep_corrected_rows_total',
    help: 'Stored candles that the exchange showed otherwise, and that were replaced, by what had been stored: native, fold, stream, or empty.',
    labels: ['was'],
    on: WORKER,
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;
