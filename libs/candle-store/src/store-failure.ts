import { CandlekeepError, InvalidValue } from '@candlekeep/market';
import { refusesValue } from '@candlekeep/postgres';

/** L2 gave no answer: unreachable, too slow, or broken off. A page is then stored whole or not at all: save it again. */
export class CandleStoreUnavailable extends CandlekeepError {
  readonly code = 'CANDLE_STORE_UNAVAILABLE';
  readonly retryable = true;
}

/**
 * Says in the trade's words what failed (`read stored candles of KRW-BTC:1m`); a value that the table refuses is the caller's, not an
 * outage, and an error of ours stays as it is.
 */
export function storeFailure(task: string, cause: unknown): CandlekeepError {
  if (cause instanceof CandlekeepError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const failed = `could not ${task}: ${reason}`;
  if (refusesValue(cause)) {
    return new InvalidValue(`${failed}. Check the value against the table's columns`, { cause });
  }
  return new CandleStoreUnavailable(`${failed}. Check that Postgres answers, then try again`, {
    cause,
  });
}
