import type { Candle, Lane, Series } from '@candlekeep/market';

/** The exchange's largest page, rows. */
export const PAGE_ROWS = 200;

/** Rows that one query may ask for: as many as L1 keeps of a series, so that one round trip may answer it. */
export const LARGEST_QUERY_ROWS = 1_000;

/** `beforeMs` of a query for the newest candles: later than any candle, and an instant that Postgres can hold. */
export const LATEST_MS = Date.UTC(9999, 0);

/** A question for the newest `count` candles that open before an instant. */
export interface CandleQuery {
  readonly series: Series;
  /** Exclusive bound on the open, epoch ms; {@link LATEST_MS} for the newest. */
  readonly beforeMs: number;
  /** Rows wanted, 1 to {@link LARGEST_QUERY_ROWS}. */
  readonly count: number;
  /** How old the sight of rows that may still change may be, ms. */
  readonly maxAgeMs: number;
  /** Answer from what is known or not at all. */
  readonly onlyIfCached: boolean;
  /** Whom it is for: a load is as urgent as that. Default `bot`. */
  readonly caller?: Lane;
  /** By how much more than `maxAgeMs` an answer may be too old and is served at once all the same, ms. Default 0. */
  readonly maxStaleMs?: number;
  /** The same, for when nothing younger could be had: a load failed, a tier is away, or the patience is over. Default 0. */
  readonly staleIfErrorMs?: number;
}

/** Where the rows came from, the slowest tier that was needed. */
export type AnswerSource = 'l1' | 'l2' | 'fold' | 'exchange';

/** Candles as the exchange would have answered at `asOfMs`. */
export interface CandleAnswer {
  /** Newest first. Fewer than asked only where the market's history begins. */
  readonly rows: readonly Candle[];
  readonly source: AnswerSource;
  /** Rows that open before this are final, epoch ms; the others may still change. */
  readonly finalUntilMs: number;
  /** True when the load that was waited for had been asked by somebody else already. */
  readonly collapsed: boolean;
  /** When the newest row that may still change was seen, epoch ms; the moment of the answer when all rows are final. */
  readonly asOfMs: number;
  /** `now - asOfMs` at the moment of the answer. */
  readonly ageMs: number;
  /** By how much `ageMs` is beyond the caller's `maxAgeMs`; 0 for an answer that was fresh when it was asked for. */
  readonly staleMs: number;
  /** True for a stale answer that stands in for an error: a load or a tier failed, or the patience was over. */
  readonly insteadOfError: boolean;
}
