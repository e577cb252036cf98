import type { Candle, Coverage, Timeframe } from '@candlekeep/market';
import type { Climbed } from './climb';
import type { Head } from './known-candles';
import type { Ladder } from './ladder';

/** What to do next for a query. */
export type ReadPlan =
  /** `rows` (newest first) answer the query; `head` is the sight that the answer leans on, if any. */
  | {
      readonly kind: 'complete';
      readonly rows: readonly Candle[];
      readonly head?: Head;
      /** Whether a row of the answer was folded just now. */
      readonly isFolded: boolean;
    }
  /** The newest rows of a series of the ladder must be seen anew; all series above it follow from them. */
  | {
      readonly kind: 'refresh-head';
      readonly timeframe: Timeframe;
      /** Not for freshness: closed candles that are lacking can be folded from that page. */
      readonly closesGap?: true;
      /** Before this instant of the cache server's no sight is of use: closed knowledge reaches further, so that clock was set back. */
      readonly notBeforeMs?: number;
    }
  /** Closed candles are unknown: the page that ends at `untilMs` holds the newest of them. */
  | { readonly kind: 'load-page'; readonly untilMs: number }
  /** Unknown slots of the tile that ends at `untilMs` can be folded from stored candles. */
  | { readonly kind: 'fold'; readonly timeframe: Timeframe; readonly untilMs: number };

/** What the store covers, by timeframe code. */
export type StoredCoverages = ReadonlyMap<string, Coverage>;

/** What a plan may count on. */
export interface Budget {
  /** Now, epoch ms, by the cache server's clock: one clock for every gateway. */
  readonly nowMs: number;
  /** The oldest sight of the head that the caller accepts, same clock. */
  readonly freshSinceMs: number;
  /** What folds may draw on; empty while the store has not been asked. */
  readonly stored: StoredCoverages;
  /** False once a fold did not bring what was hoped for. */
  readonly canFold: boolean;
}

/** What is known of each series of the ladder, own first: as looked at, and with what folding adds. */
export interface Knowledge {
  readonly ladder: Ladder;
  readonly climbed: readonly [Climbed, ...Climbed[]];
}

/** A sight from the future was written under another clock: it proves nothing about its age. */
export function isFresh(
  head: Head,
  { nowMs, freshSinceMs }: Pick<Budget, 'nowMs' | 'freshSinceMs'>,
): boolean {
  return head.seenAtMs >= freshSinceMs && head.seenAtMs <= nowMs;
}
