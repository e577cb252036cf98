import type { Provenance, Series } from '@candlekeep/market';
import type { FinalPage } from './candle-store';
import type { KnownCandles } from './known-candles';
import type { PageEvidence } from './page-evidence';

/** What is wanted of one series' window: the newest `limit` rows that open before `beforeMs` and not before `fromMs`. */
export interface WindowQuery {
  readonly series: Series;
  readonly beforeMs: number;
  readonly limit: number;
  /** Default 0. */
  readonly fromMs?: number;
}

/** What L1 knows for one query, and the cache server's time at that moment (epoch ms). */
export interface WindowSight extends KnownCandles {
  readonly nowMs: number;
  /** Opens before this would not stay, were they put: the window is full of newer rows. 0 while it is not full. */
  readonly keptFromMs: number;
}

/** How the rows of a page became known. */
export interface PageOrigin {
  /** When the exchange was asked, epoch ms by the cache server's clock and rather too early than too late; counts for the head only. */
  readonly seenAtMs: number;
  /** The store's revision of the series that the finals were saved under; undefined when they were not saved (no finals then). */
  readonly revision?: number;
  readonly provenance: Provenance;
  /** Token of the lease under which the writer works; undefined for one who needs none, and is never refused for it. */
  readonly fence?: number;
}

/** What is known about one series' window (the user's `cache_metadata`). */
export interface WindowMetadata {
  readonly series: Series;
  readonly rows: number;
  /** Measured memory of all its keys. */
  readonly bytes: number;
  /** Reads that found something, since `createdAtMs`. */
  readonly hits: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly usedAtMs: number;
}

/** A window that is expected to be asked for. */
export interface WindowWish {
  readonly series: Series;
  /** Until when, whole epoch ms by the cache server's clock; what lies more than 2 days ahead counts as 2 days. */
  readonly untilMs: number;
  /** Newest rows to keep, 200 to 5,000: each put of finals keeps as many, until other wishes are said, or none for about 2 days. */
  readonly rows: number;
}

/**
 * L1: the newest rows of each series, with what they cover and the head. The law:
 * - A sight is of one moment; a window of which any part was lost reads as absent, never as "no trades".
 * - A newer sight of the head is never replaced by an older one.
 * - Rows saved under an older revision of the store than the window has seen are not taken; a newer revision empties the
 *   window first (its head stays).
 * - A writer whose token is smaller than one that the window has seen changes nothing.
 * - `fill` takes only what the window does not cover.
 * - All windows together stay within the byte budget: those go first that were least recently used, and of those that are wanted
 *   none before the last that is not, except for the one that was written just now. A head that only replaces another one is
 *   neither measured nor a use.
 */
export abstract class CandleWindow {
  /** One sight for each query, in their order, one round trip in all. */
  abstract read(queries: readonly WindowQuery[]): Promise<readonly WindowSight[]>;

  /** Puts a judged page, the newest knowledge of its range. Rejects with `Deposed` when its writer has been succeeded. */
  abstract put(evidence: PageEvidence, origin: PageOrigin): Promise<void>;

  /** Adds final rows that the store holds under `revision`. */
  abstract fill(page: FinalPage, revision: number): Promise<void>;

  /** Makes sure that nothing older than `revision` of the store stays. */
  abstract expectRevision(series: Series, revision: number): Promise<void>;

  /**
   * Says which windows are wanted, and how large; replaces all earlier wishes of everybody, so that one process alone may do it: a
   * second one costs cached rows, never a wrong answer. Rejects with `InvalidValue` for more than 5,000 wishes, two of one series,
   * or rows out of bounds; nothing has changed then. After any other failure: say them again.
   */
  abstract prefer(wishes: readonly WindowWish[]): Promise<void>;

  /** All windows, the least recently used first. */
  abstract list(): Promise<readonly WindowMetadata[]>;
}
