import { CandlekeepError, InvalidValue, type Series, seriesName } from '@candlekeep/market';
import { refusesValue } from '@candlekeep/postgres';

/** L2 gave no answer: unreachable, too slow, or broken off. A page is then stored whole or not at all: save it again. */
export class CandleStoreUnavailable extends CandlekeepError {
  readonly code = 'CANDLE_STORE_UNAVAILABLE';
  readonly retryable = true;
}

/** Says in the trade's words which statement failed; a value that the table refuses is the caller's, not an outage. */
export function storeFailure(
  action: 'read' | 'save',
  series: Series,
  cause: unknown,
): CandlekeepError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const failed = `could not ${action} stored candles of ${seriesName(series)}: ${reason}`;
  if (refusesValue(cause)) {
    return new InvalidValue(`${failed}. Check the value against the table's columns`, { cause });
  }
  return new CandleStoreUnavailable(`${failed}. Check that Postgres answers, then try again`, {
    cause,
  });
}
