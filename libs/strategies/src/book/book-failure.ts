import { CandlekeepError } from '@candlekeep/market';
import { onTables } from '@candlekeep/postgres';

/** The book of strategies gave no answer; nothing of it is lost. */
export class StrategiesUnavailable extends CandlekeepError {
  readonly code = 'STRATEGIES_UNAVAILABLE';
  readonly retryable = true;
}

/** Does work on the book's tables; says in the trade's words what failed (`read the strategies`). */
export async function onBook<Result>(task: string, work: () => Promise<Result>): Promise<Result> {
  return await onTables(
    task,
    work,
    (message, options) => new StrategiesUnavailable(message, options),
  );
}
