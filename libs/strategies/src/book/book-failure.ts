import { CandlekeepError } from '@candlekeep/market';

/** The book of strategies gave no answer; nothing of it is lost. */
export class StrategiesUnavailable extends CandlekeepError {
  readonly code = 'STRATEGIES_UNAVAILABLE';
  readonly retryable = true;
}

/** Does work on the book's tables; says in the trade's words what failed (`read the strategies`). */
export async function onBook<Result>(task: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StrategiesUnavailable(
      `could not ${task}: ${reason}. Check that Postgres (DATABASE_URL) answers, then try again`,
      { cause },
    );
  }
}
