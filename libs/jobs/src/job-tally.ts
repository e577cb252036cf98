import type { Job } from 'bullmq';

/**
 * How a run of a job ends. `dropped`: nobody waited any more. `retried`: it failed and will run again. `failed`: for good. `refused`: it
 * was no job of ours. `handed-back`: the worker stops, another one runs it.
 */
export const JOB_OUTCOMES = [
  'done',
  'dropped',
  'retried',
  'failed',
  'refused',
  'handed-back',
] as const;

export type JobOutcome = (typeof JOB_OUTCOMES)[number];

/** Whoever counts what becomes of jobs in a worker. */
export interface JobTally {
  /** A job is taken for the first time; so long it stood in the queue, by the clocks of who added and who took it. */
  waited(queue: string, waitedMs: number): void;
  /** The handler has come to an end, whichever. */
  ran(queue: string, tookMs: number): void;
  /** The job has left the worker. One whose end the queue did not hear is not told of: it runs again. */
  ended(queue: string, outcome: JobOutcome): void;
}

/** How long a job stood in the queue after its time had come, ms; undefined for one that was taken before. */
export function waitOf(
  { attemptsStarted, timestamp, opts }: Pick<Job, 'attemptsStarted' | 'timestamp' | 'opts'>,
  nowMs: number,
): number | undefined {
  if (attemptsStarted > 1) return undefined;
  return Math.max(0, nowMs - timestamp - (opts.delay ?? 0));
}
