import type { Series } from '@candlekeep/market';

/** One page that is wanted from the exchange. */
export type LoadTarget =
  /** The newest rows, seen no earlier than `freshSinceMs` (epoch ms by the cache server's clock). */
  | { readonly kind: 'head'; readonly series: Series; readonly freshSinceMs: number }
  /** The aligned page that ends at `untilMs`. */
  | { readonly kind: 'tile'; readonly series: Series; readonly untilMs: number };

/** How waiting for a load ended; a failed load rejects. */
export type LoadOutcome =
  /** What the page proves is in the tiers now. `collapsed`: somebody else had asked for it already. */
  | { readonly kind: 'loaded'; readonly collapsed: boolean }
  /** No message came in time; it may be done all the same: look again. */
  | { readonly kind: 'no-word'; readonly collapsed: boolean };

/**
 * The way to the exchange. The law: equal targets under way are one call; a finished load is visible in the tiers before
 * `load` resolves; a failed one rejects with the reason for every waiter.
 */
export abstract class CandleSource {
  /** Asks for a page and waits at most `waitMs` for word of it. */
  abstract load(target: LoadTarget, waitMs: number): Promise<LoadOutcome>;
}
