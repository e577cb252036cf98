import type { Clock } from '@candlekeep/clock';
import type { ProcessPhase } from './process-phase';

export interface StartLimits {
  /** For everything but migrating, ms. */
  readonly startWithinMs: number;
  /** For migrating: it waits for the process that migrates, and a large table takes its time. Ms. */
  readonly migrateWithinMs: number;
}

const LOOK_EVERY_MS = 1_000;

/** Rejects when a process has been starting for too long; what the two limits leave each other does not count. Ends with the signal. */
export async function startDeadline(
  limits: StartLimits,
  phase: Pick<ProcessPhase, 'current'>,
  clock: Pick<Clock, 'sleep'>,
  signal: AbortSignal,
): Promise<never> {
  const left = { starting: limits.startWithinMs, migrating: limits.migrateWithinMs };
  while (left.starting > 0 && left.migrating > 0) {
    const spending = phase.current === 'migrating' ? 'migrating' : 'starting';
    const stepMs = Math.min(LOOK_EVERY_MS, left[spending]);
    await clock.sleep(stepMs, signal);
    left[spending] -= stepMs;
  }
  const { startWithinMs, migrateWithinMs } = limits;
  throw new Error(
    left.starting > 0
      ? `the schema was not migrated within ${migrateWithinMs} ms, here or by another process: look at Postgres for what holds it up (pg_stat_activity, pg_locks)`
      : `not ready within ${startWithinMs} ms; the log above says what it waits for (a server that does not answer)`,
  );
}
