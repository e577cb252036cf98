import type { Clock } from '@candlekeep/clock';
import type { Logger } from '@candlekeep/telemetry';

/** Something that a process opened and must close. Closing twice is harmless. */
export interface Closable {
  close(): Promise<void>;
}

export interface LifecycleOptions {
  readonly log: Logger;
  readonly clock: Clock;
  /** Opens everything and resolves when the process is ready to serve. */
  readonly start: () => Promise<Closable>;
  /** How long an ordered stop may take before the process ends all the same. Default 15,000 ms. */
  readonly stopWithinMs?: number;
}

const STOP_WITHIN_MS = 15_000;

/**
 * The life of a process: start, tell the parent `ready`, stop in order on SIGTERM, SIGINT or when the parent has gone.
 * Ends with exit code 0 after an ordered stop, 1 when the start failed or the stop took too long.
 */
export async function runProcess(options: LifecycleOptions): Promise<void> {
  const { log } = options;
  const stopRequested = whenStopIsRequested();
  try {
    const opened = await options.start();
    process.send?.('ready');
    const reason = await stopRequested;
    log.info(`stopping: ${reason}`);
    process.exit(await stop(opened, options));
  } catch (error) {
    log.error('could not start', { error });
    process.stderr.write(`${startFailure(error)}\n`);
    process.exit(1);
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

function startFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}
