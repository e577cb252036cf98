import type { CandlekeepError } from '@candlekeep/market';

/** Statuses of errors that have a meaning of their own. */
const STATUS: Readonly<Record<string, number>> = {
  UNKNOWN_MARKET: 404,
  EXCHANGE_MALFORMED: 502,
  NOT_CACHED: 504,
  LOAD_TOO_SLOW: 504,
  STORE_TOO_SLOW: 504,
};

/** The HTTP status of an error of ours; of most it is 503 when it may pass, else 500. */
export function failureStatus({ code, retryable }: CandlekeepError): number {
  return STATUS[code] ?? (retryable ? 503 : 500);
}
