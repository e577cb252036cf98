import { CandlekeepError } from '@candlekeep/market';
import { onTables } from '@candlekeep/postgres';

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
  return await onTables(task, work, (message, options) => new UsageUnavailable(message, options));
}
