import type {
  Candle,
  Coverage,
  MarketCode,
  Provenance,
  Series,
  Timeframe,
  TimeRange,
} from '@candlekeep/market';

/** The closed candles that a store knows, of one moment. */
export interface StoredCandles {
  /** Newest first, all inside `coverage`. */
  readonly rows: readonly Candle[];
  /** The series' whole coverage. */
  readonly coverage: Coverage;
  /**
   * Changes whenever a stored row was changed or taken away, and only then: adding to what is known does not change it. It only
   * ever rises, even over a store that was emptied. 0 for a series that was never written.
   */
  readonly revision: number;
}

/** Final rows (oldest first) and the range of opens in which they are all there is. */
export interface FinalPage {
  readonly series: Series;
  readonly rows: readonly Candle[];
  readonly covered: TimeRange;
}

/** What a page was made from, as it stood before the page was read or folded. */
export interface Basis {
  readonly timeframe: Timeframe;
  readonly revision: number;
}

/** By which right somebody writes who may be succeeded: the name of a lease, and the token it gave. */
export interface Fence {
  readonly name: string;
  readonly token: number;
}

/** A page to keep, and how it came to be known. */
export interface ProvenPage extends FinalPage {
  readonly provenance: Provenance;
  /** When the exchange was asked, epoch ms by the cache server's clock; of a fold: when it was made. */
  readonly readAtMs: number;
  /** Its own series, and the sources of a fold. If one of them has moved on, the page is refused (`STALE_BASIS`). */
  readonly basis: readonly Basis[];
  /** Undefined for a writer who needs no lease. */
  readonly fence?: Fence;
}

/** A stored final row that a newer native read showed otherwise. */
export interface Correction {
  readonly openMs: number;
  /** What was stored; undefined where the slot was held to be empty. */
  readonly stored?: Candle;
  /** How the stored knowledge had come to be. */
  readonly was: Provenance;
}

export interface SavedPage {
  /** Rows of slots that were unknown before. */
  readonly inserted: number;
  readonly corrections: readonly Correction[];
  /** The series' revision after the save. */
  readonly revision: number;
}

/** Where a series is known but not beyond doubt: folded, streamed, or read too soon after the close. */
export interface UnverifiedStretch {
  readonly series: Series;
  readonly ranges: Coverage;
}

/**
 * L2: final candles, kept for good. The law:
 * - `read` is of one moment; a row never stands outside the coverage.
 * - `save` stores rows and coverage together or not at all, and the same page twice changes nothing.
 * - A native page replaces rows of any provenance in its range, and each that differs is a correction; a row that was read later
 *   than the page, by a minute at most, is not replaced: the page is refused as stale. A page never takes away a row in its range.
 * - A folded or streamed page adds what is unknown and touches nothing else.
 * - A page with a fence is refused (`DEPOSED`) once one with a larger token of that name has been kept, of whatever series.
 * - A correction takes away, in the same step, whatever longer timeframes hold of the corrected slot and have not verified (of days
 *   the day after as well, which tells the distance): what was folded from it, and what was read as early as it was.
 */
export abstract class CandleStore {
  /** The newest `limit` rows that open before `beforeMs` and not before `fromMs` (default 0), and the series' coverage. */
  abstract read(series: Series, query: StoreQuery): Promise<StoredCandles>;

  /** What is covered of a market, by timeframe code: nothing of a series that was only opened, or purged. One moment. */
  abstract readCoverages(market: MarketCode): Promise<ReadonlyMap<string, StoredCoverage>>;

  /** The revision under which a page that is read from now on is to be saved. Never 0. */
  abstract openRevision(series: Series): Promise<number>;

  /**
   * Keeps a page. Rejects with the retryable error `STALE_BASIS` when what it was made from has changed: make it again; with
   * `DEPOSED` when its writer has been succeeded.
   */
  abstract save(page: ProvenPage): Promise<SavedPage>;

  /** All rows of a range, oldest first, in portions that fit into memory however long the range is. */
  abstract stream(series: Series, range: TimeRange): AsyncIterable<readonly Candle[]>;

  /** Stretches known but not verified, the oldest doubt first. */
  abstract findUnverified(query: UnverifiedQuery): Promise<readonly UnverifiedStretch[]>;

  /** Forgets a whole market (it was renamed or redenominated); every series' revision rises. Resolves with the new ones. */
  abstract purge(market: MarketCode): Promise<readonly PurgedSeries[]>;
}

export interface StoreQuery {
  readonly beforeMs: number;
  readonly limit: number;
  readonly fromMs?: number;
}

/** Stretches that end at or before `beforeMs`, of at most `limit` series: the first ones, or those behind `after`. */
export interface UnverifiedQuery {
  readonly beforeMs: number;
  readonly limit: number;
  /** Of this one only. */
  readonly market?: MarketCode | undefined;
  /** The last one of an earlier answer. */
  readonly after?: UnverifiedStretch;
}

export interface StoredCoverage {
  readonly coverage: Coverage;
  readonly revision: number;
}

export interface PurgedSeries {
  readonly series: Series;
  readonly rows: number;
  readonly revision: number;
}
