/** How many rows a key may be answered, within each of two windows at once. */
export interface Quota {
  readonly sustained: QuotaWindow;
  readonly burst: QuotaWindow;
}

export interface QuotaWindow {
  readonly rows: number;
  readonly seconds: number;
}

/** Rows a minute of a key that says nothing else: all of a year of a market's minutes 38 times. */
export const DEFAULT_ROWS_PER_MINUTE = 20_000_000;

const BURST_SECONDS = 5;
/** What a burst may take of the minute: four times the even pace. */
const BURST_SHARE = 3;

/** A third of a minute's rows may come within five seconds, and all of them within the minute. */
export function quotaOf(rowsPerMinute = DEFAULT_ROWS_PER_MINUTE): Quota {
  return {
    sustained: { rows: rowsPerMinute, seconds: 60 },
    burst: { rows: Math.ceil(rowsPerMinute / BURST_SHARE), seconds: BURST_SECONDS },
  };
}
