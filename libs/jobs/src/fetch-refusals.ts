import { CandlekeepError } from '@candlekeep/market';

/** This process waits for as many fetches as it may. */
export class TooManyWaiters extends CandlekeepError {
  readonly code = 'TOO_MANY_WAITERS';
  readonly retryable = true;
  override readonly retryAfterMs = 1_000;

  constructor(maxWaiters: number) {
    super(`${maxWaiters} callers of this process wait for the exchange already; ask again later`);
  }
}

/** The queue holds so many jobs that it takes no more of this lane. */
export class QueueFull extends CandlekeepError {
  readonly code = 'QUEUE_FULL';
  readonly retryable = true;
  override readonly retryAfterMs = 5_000;

  constructor(id: string, room: number) {
    super(
      `${id} was not asked for: ${room} fetches or more wait already; ask again later, and see whether workers run`,
    );
  }
}

/** Code of {@link DeadlinePassed}, as endings carry it. */
export const DEADLINE_PASSED = 'DEADLINE_PASSED';

/** Nobody wanted the fetch any more when a worker came to it, so it was not run. */
export class DeadlinePassed extends CandlekeepError {
  readonly code = DEADLINE_PASSED;
  readonly retryable = true;

  constructor(id: string) {
    super(`${id} was dropped: its deadline had passed before a worker came to it; ask again`);
  }
}
