import { CandlekeepError, type Series, seriesName } from '@candlekeep/market';

/** The caller forbade waiting (`only-if-cached`) and the answer is not known. */
export class NotCached extends CandlekeepError {
  readonly code = 'NOT_CACHED';
  readonly retryable = true;

  constructor(series: Series) {
    super(`${seriesName(series)} is not cached for this query; ask again without only-if-cached`);
  }
}

/** The exchange's page did not arrive within the caller's patience. */
export class LoadTooSlow extends CandlekeepError {
  readonly code = 'LOAD_TOO_SLOW';
  readonly retryable = true;

  constructor(series: Series, waitedMs: number) {
    super(
      `${seriesName(series)} could not be loaded from the exchange within ${waitedMs} ms; ` +
        'ask again, and see whether a worker runs and what it logs',
    );
  }
}

/** Postgres did not say within the caller's patience what it holds. */
export class StoreTooSlow extends CandlekeepError {
  readonly code = 'STORE_TOO_SLOW';
  readonly retryable = true;

  constructor(series: Series, waitedMs: number) {
    super(
      `Postgres did not say within ${waitedMs} ms what it holds of ${seriesName(series)}; ` +
        'ask again, and see what keeps Postgres busy',
    );
  }
}

/** Pages arrive but do not answer the query: clocks that disagree by more than the allowance, or tiers that forget. */
export class NoProgress extends CandlekeepError {
  readonly code = 'NO_PROGRESS';
  readonly retryable = true;

  constructor(series: Series, loads: number) {
    super(
      `${loads} pages were loaded for ${seriesName(series)} and the query is still not answered; ` +
        "check the cache server's clock and memory",
    );
  }
}

/** What is no failure of the way: the caller forbade it, or the exchange itself said no, which outweighs whatever it said before. */
const FINAL_WORDS: ReadonlySet<string> = new Set([
  'NOT_CACHED',
  'UNKNOWN_MARKET',
  'EXCHANGE_REFUSED',
]);

/** What the log says of an error that a caller was spared so. */
export const SERVED_INSTEAD = 'what was known is served instead of this error';

/** Whether a caller who takes stale answers instead of errors (`stale-if-error`) is to be given one instead of this. */
export function mayBeAnsweredStale(error: unknown): boolean {
  return !(error instanceof CandlekeepError && FINAL_WORDS.has(error.code));
}
