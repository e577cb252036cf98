import { CandlekeepError } from '@candlekeep/market';
import { onTables } from '@candlekeep/postgres';

/** The book of tasks gave no answer. Nothing is lost: a task stands where its last step was written. */
export class HistoryUnavailable extends CandlekeepError {
  readonly code = 'HISTORY_UNAVAILABLE';
  readonly retryable = true;
}

/** Does work on the book's tables; says in the trade's words what failed (`read history tasks`). */
export async function onBook<Result>(task: string, work: () => Promise<Result>): Promise<Result> {
  return await onTables(task, work, (message, { cause }) =>
    cause instanceof CandlekeepError ? cause : new HistoryUnavailable(message, { cause }),
  );
}
