import type { Logger } from './logger';

/** Lets a promise run without waiting for it; a rejection is logged under `name` instead of ending the process. */
export function background(log: Logger, name: string, work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    log.error(`${name} failed in the background`, { error });
  });
}
