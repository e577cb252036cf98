import { CandlekeepError } from '@candlekeep/market';

/** The book of tasks gave no answer. Nothing is lost: a task stands where its last step was written. */
export class HistoryUnavailable extends CandlekeepError {
  readonly code = 'HISTORY_UNAVAILABLE';
  readonly retryable = true;
}

/** Does work on the book's tables; says in the trade's words what failed (`read history tasks`). */
export async function onBook<Result>(task: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof CandlekeepError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HistoryUnavailable(
      `could not ${task}: ${reason}. Check that Postgres (DATABASE_URL) answers, then try again`,
      { cause },
    );
  }
}
