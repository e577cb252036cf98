import { HISTORY_CONCURRENCY } from '@candlekeep/jobs';

/** Places of a worker that tasks leave free: a round of reconciliation, a compression, and a few. */
const SPARE = 4;

/**
 * Tasks that may run at once. Fewer than a single worker takes at once, so that none waits for the end of another, and
 * reconciliation for none.
 */
export const MAX_RUNNING_TASKS = HISTORY_CONCURRENCY - SPARE;
