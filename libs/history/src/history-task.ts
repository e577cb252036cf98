import type { Candle, Series, TimeRange } from '@candlekeep/market';

/** Backfill brings what is unknown of a range into the store; verification holds what is stored against the exchange. */
export type HistoryKind = 'backfill' | 'verification';

export type HistoryState = 'running' | 'done' | 'failed' | 'cancelled';

/** What somebody wants done. */
export interface HistoryRequest {
  readonly kind: HistoryKind;
  readonly series: Series;
  /** Opens, from an open to an open, all of candles that are closed. */
  readonly range: TimeRange;
  /** No end was asked for: `range.untilMs` was taken from the clock, and the same wish later means the same task. */
  readonly openEnded: boolean;
}

/** How a stored candle and the exchange's own disagree. */
export type Difference =
  /** The exchange has a candle in a slot that the store holds to be empty. */
  | { readonly kind: 'missing'; readonly openMs: number; readonly native: Candle }
  /** The store has a candle that the exchange denies; nothing was changed. */
  | { readonly kind: 'surplus'; readonly openMs: number; readonly stored?: Candle }
  /** Both have it, and not with the same text. */
  | {
      readonly kind: 'different';
      readonly openMs: number;
      readonly stored: Candle;
      readonly native: Candle;
    };

/** What a task has done so far, or one step of it. */
export interface HistoryCounts {
  /** Pages read from the exchange. */
  readonly pages: number;
  /** Calls that they cost: a page with a claim is looked at twice. */
  readonly calls: number;
  /** Rows of the range that they showed. */
  readonly rows: number;
  /** Stored rows that were held against the exchange's. */
  readonly compared: number;
  /** Rows of slots that were not known before, so there was nothing to compare. */
  readonly added: number;
  readonly missing: number;
  readonly surplus: number;
  readonly different: number;
}

export interface HistoryTask extends HistoryRequest {
  readonly id: string;
  readonly state: HistoryState;
  /** All that opens at or after it, within the range, is done. Epoch ms. */
  readonly cursorMs: number;
  readonly counts: HistoryCounts;
  /** The first {@link DETAILED_DIFFERENCES}; the counts are whole. */
  readonly differences: readonly Difference[];
  /** Attempts since the cursor last moved. */
  readonly failures: number;
  /** Why it failed, or what it was held up by last. */
  readonly reason?: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** Differences that a task keeps in detail. */
export const DETAILED_DIFFERENCES = 100;

export const NO_COUNTS: HistoryCounts = {
  pages: 0,
  calls: 0,
  rows: 0,
  compared: 0,
  added: 0,
  missing: 0,
  surplus: 0,
  different: 0,
};
