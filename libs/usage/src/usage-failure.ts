import { CandlekeepError } from '@candlekeep/market';

/** The book of what was learned gave no answer. Nothing is lost: it stands as it was last saved. */
export class UsageUnavailable extends CandlekeepError {
  readonly code = 'USAGE_UNAVAILABLE';
  readonly retryable = true;
}

/** Does work on the book's tables; says in the trade's words what failed (`load what was learned of usage`). */
export async function onUsageBook<Result>(
  task: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageUnavailable(
      `could not ${task}: ${reason}. Check that Postgres (DATABASE_URL) answers, then try again`,
      { cause },
    );
  }
}
