import type { Lane, Series } from '@candlekeep/market';

/** Something that is wanted in the tiers. */
export type LoadTarget =
  /** The newest rows, seen no earlier than `freshSinceMs` (epoch ms by the cache server's clock). */
  | { readonly kind: 'head'; readonly series: Series; readonly freshSinceMs: number }
  /** The 200 slots that end at `untilMs`, an open of the timeframe. */
  | { readonly kind: 'page'; readonly series: Series; readonly untilMs: number }
  /**
   * Unknown slots of the aligned tile that ends at `untilMs`, folded from stored shorter candles, which costs no call; where they show
   * that nothing was traded before the tile, also everything before it.
   */
  | { readonly kind: 'fold'; readonly series: Series; readonly untilMs: number };

/** How much a load is wanted. */
export interface LoadDemand {
  /** All the patience that the caller has left, ms. */
  readonly waitMs: number;
  readonly lane: Lane;
}

/** How waiting for a load ended; a failed load rejects. */
export type LoadOutcome =
  /** What it brought is in the tiers now. `collapsed`: somebody else had asked for it already. */
  | { readonly kind: 'loaded'; readonly collapsed: boolean }
  /** No message came in time; it may be done all the same: look again. */
  | { readonly kind: 'no-word'; readonly collapsed: boolean };

/**
 * The way to what the tiers lack. The law: equal targets under way are one load; a finished load is visible in the tiers before
 * `load` resolves; a failed one rejects with the reason for every waiter.
 */
export abstract class CandleSource {
  /** Asks for a load and waits for word of it, at most `waitMs` and perhaps less. */
  abstract load(target: LoadTarget, demand: LoadDemand): Promise<LoadOutcome>;
}
