import { CandlekeepError } from '@candlekeep/market';

/** Preloading has spent what it may: calls an hour, some of them kept for worthier uses. */
export class PreloadBudgetSpent extends CandlekeepError {
  readonly code = 'PRELOAD_BUDGET_SPENT';
  readonly retryable = true;

  constructor() {
    super(
      'preloading may make no more calls of this kind for now (PRELOAD_CALLS_PER_HOUR of the workers, of which a part ' +
        'is kept for worthier uses); it goes on by itself, and callers who wait are served as always',
    );
  }
}

/** Postgres did not answer. Nothing is lost: a run stands where its last page was written. */
export class PreloadRunsUnavailable extends CandlekeepError {
  readonly code = 'PRELOAD_RUNS_UNAVAILABLE';
  readonly retryable = true;
}
