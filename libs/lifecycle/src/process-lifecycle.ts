import type { Clock } from '@candlekeep/clock';
import type { Logger } from '@candlekeep/telemetry';
import { ProcessPhase } from './process-phase';
import { startDeadline } from './start-deadline';

/** Something that a process opened and must close. Closing twice is harmless. */
export interface Closable {
  close(): Promise<void>;
}

/** A process that serves. */
export interface Opened extends Closable {
  /**
   * How long it says that it drains, and serves all the same, before it is closed, ms; default 0. Longer than the time between two probes
   * of whoever sends it requests, so that none comes any more when its door shuts.
   */
  readonly drainNoticeMs?: number;
}

export interface LifecycleOptions {
  readonly log: Logger;
  readonly clock: Clock;
  /** Opens everything, says in which phase it is, and resolves when the process is ready to serve. */
  readonly start: (phase: ProcessPhase) => Promise<Opened>;
  /** How long the start may take before the process gives up, migrating apart, which has an hour. Default 60,000 ms. */
  readonly startWithinMs?: number;
  /** How long an ordered stop may take, after the notice, before the process ends all the same. Default 15,000 ms. */
  readonly stopWithinMs?: number;
}

const START_WITHIN_MS = 60_000;
const MIGRATE_WITHIN_MS = 3_600_000;
const STOP_WITHIN_MS = 15_000;

/**
 * The life of a process: start, tell the parent `ready`, stop in order on SIGTERM, SIGINT or when the parent has gone, also while
 * it still starts. Ends with exit code 0 after a stop, 1 when the start failed or either took too long.
 */
export async function runProcess(options: LifecycleOptions): Promise<void> {
  const { log } = options;
  const phase = new ProcessPhase();
  const stopRequested = whenStopIsRequested();
  try {
    const opened = await Promise.race([startInTime(options, phase), stopRequested]);
    if (typeof opened === 'string') {
      log.info(`stopping before the start was done: ${opened}`);
      process.exit(0);
    }
    phase.enter('serving');
    process.send?.('ready');
    log.info(`stopping: ${await stopRequested}`);
    phase.enter('draining');
    await giveNotice(opened, options);
    process.exit(await stop(opened, options));
  } catch (error) {
    log.error('could not start', { error });
    process.stderr.write(`${startFailure(error)}\n`);
    process.exit(1);
  }
}

async function startInTime(
  { start, clock, startWithinMs = START_WITHIN_MS }: LifecycleOptions,
  phase: ProcessPhase,
): Promise<Opened> {
  const started = new AbortController();
  const limits = { startWithinMs, migrateWithinMs: MIGRATE_WITHIN_MS };
  const late = startDeadline(limits, phase, clock, started.signal);
  try {
    return await Promise.race([start(phase), late]);
  } finally {
    late.catch(() => undefined);
    started.abort();
  }
}

async function whenStopIsRequested(): Promise<string> {
  return await new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        resolve(signal);
      });
    }
    process.once('disconnect', () => {
      resolve('the parent process has gone');
    });
  });
}

async function giveNotice(
  { drainNoticeMs = 0 }: Opened,
  { log, clock }: LifecycleOptions,
): Promise<void> {
  if (drainNoticeMs === 0) return;
  log.info(`draining: says for ${drainNoticeMs} ms that it is not ready, then closes`);
  await clock.sleep(drainNoticeMs);
}

async function stop(opened: Closable, options: LifecycleOptions): Promise<number> {
  const { log, clock, stopWithinMs = STOP_WITHIN_MS } = options;
  const deadline = clock.sleep(stopWithinMs).then(() => 'late' as const);
  try {
    const outcome = await Promise.race([opened.close().then(() => 'closed' as const), deadline]);
    if (outcome === 'closed') return 0;
    log.error(`did not stop within ${stopWithinMs} ms; what was under way is left to others`);
  } catch (error) {
    log.error('stopping failed', { error });
  }
  return 1;
}

/** One line for people; a cause is added when the message does not tell it already. */
function startFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  const isTold = !(cause instanceof Error) || message.includes(cause.message);
  return isTold ? message : `${message} (${cause.message})`;
}
