import { LockTimedOut, type Pool, withAdvisoryLock } from '@candlekeep/postgres';

/** As good as at once: whoever is at it needs seconds. */
const WAIT_MS = 100;

/**
 * Does the work unless another process does work of that name in this database: then it resolves with undefined, at once. Frees the name
 * however the work or the process ends.
 */
export async function oneRoundAtATime<Result>(
  pool: Pool,
  name: string,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await withAdvisoryLock(pool, { name, waitMs: WAIT_MS }, work);
  } catch (error) {
    if (error instanceof LockTimedOut) return undefined;
    throw error;
  }
}
