import {
  CandlekeepError,
  isoSeconds,
  type Series,
  seriesName,
  type Timeframe,
} from '@candlekeep/market';

/** What a page was made from has changed since: read or fold it again, from a new `openRevision` on. Nothing was stored. */
export class StaleBasis extends CandlekeepError {
  readonly code = 'STALE_BASIS';
  readonly retryable = true;
}

/** A series that the page was made from has another revision than then; `now` is undefined when it is not there any more. */
export function movedBasis(
  series: Series,
  timeframe: Timeframe,
  { revision, now }: { readonly revision?: number; readonly now?: number | undefined },
): StaleBasis {
  return new StaleBasis(
    `page of ${seriesName(series)} was not stored: it was made from revision ${revision ?? 'unknown'} of ` +
      `${timeframe.code}, which is ${now ?? 'gone'} now; make the page again`,
  );
}

/** The page was read before the stored row that it contradicts. */
export function outdatedPage(series: Series, openMs: number): StaleBasis {
  return new StaleBasis(
    `page of ${seriesName(series)} was not stored: a later read showed the row ${isoSeconds(openMs)} ` +
      'otherwise; read the page again',
  );
}
