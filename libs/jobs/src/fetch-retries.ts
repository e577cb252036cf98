import type { Clock } from '@candlekeep/clock';
import { CandlekeepError } from '@candlekeep/market';
import type { Urgency } from './urgency';

export interface RetryParts {
  readonly urgency: Pick<Urgency, 'untilMonotonicMs'>;
  /** Ends a wait between two attempts. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly onRetry: (error: unknown, afterMs: number) => void;
}

const ATTEMPTS = 3;
/** The wait after the first attempt is drawn from [0, this), ms; doubled for each later one. */
const BACKOFF_MS = 300;

/**
 * Runs `attempt` until it succeeds, at most three times. Between two attempts it waits with full jitter, and as long as the
 * error says that asking again is useless. Rejects with the last error when it is permanent, when no attempt is left, when
 * the next one would begin after the deadline, and with the signal's reason when that aborts a wait.
 */
export async function retryUntilDeadline(
  attempt: () => Promise<void>,
  { urgency, signal, clock, onRetry }: RetryParts,
): Promise<void> {
  for (let made = 1; ; made += 1) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (signal.aborted || made === ATTEMPTS || isPermanent(error)) throw error;
      const afterMs = clock.random() * BACKOFF_MS * 2 ** (made - 1) + useless(error);
      if (clock.monotonicMs() + afterMs >= urgency.untilMonotonicMs) throw error;
      onRetry(error, afterMs);
      await clock.sleep(afterMs, signal);
    }
  }
}

function isPermanent(error: unknown): boolean {
  return error instanceof CandlekeepError && !error.retryable;
}

/** For how long asking again cannot help, ms. */
function useless(error: unknown): number {
  return (error instanceof CandlekeepError ? error.retryAfterMs : undefined) ?? 0;
}
