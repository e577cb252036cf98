import { CandlekeepError, InvalidValue, type Series, seriesName } from '@candlekeep/market';

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

/** Somebody with a larger token has written there since: whoever held the smaller one is not the holder any more. Nothing changed. */
export class Deposed extends CandlekeepError {
  readonly code = 'DEPOSED';
  readonly retryable = false;
  /** The largest token that was shown there. */
  readonly seenToken: number;

  constructor(
    where: string,
    token: number | undefined,
    { seenToken }: { readonly seenToken: number },
  ) {
    super(
      `${where} has seen the token ${seenToken}, which is larger than ${token}: another process has taken over; ` +
        'give up the lease and ask for it again',
    );
    this.seenToken = seenToken;
  }
}

/** The larger token that a refusal of L1 or of L2 (`DEPOSED`) shows; undefined for any other error. */
export function findNewerToken(error: unknown): number | undefined {
  if (!(error instanceof CandlekeepError) || error.code !== 'DEPOSED') return undefined;
  return 'seenToken' in error && typeof error.seenToken === 'number' ? error.seenToken : undefined;
}

/** Throws {@link InvalidValue} for a token that could not be compared. */
export function assertToken(token: number | undefined): void {
  if (token === undefined || (Number.isSafeInteger(token) && token > 0)) return;
  throw new InvalidValue(`${token} is not a token; pass the one that the lease gave`);
}

/**
 * The cache server's clock was set back: what is known for good reaches so far that a sight of now would be of a present that has
 * passed. It mends itself as that clock goes on.
 */
export class CacheClockSetBack extends CandlekeepError {
  readonly code = 'CACHE_CLOCK_SET_BACK';
  readonly retryable = true;

  constructor(
    series: Series,
    override readonly retryAfterMs: number,
  ) {
    super(
      `the newest candles of ${seriesName(series)} cannot be told for ${Math.ceil(retryAfterMs)} ms: the clock of the cache's Redis was set back by at least that; ` +
        'ask again then, and keep that clock in step (NTP)',
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
