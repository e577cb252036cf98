import type { CandleStore, CandleWindow } from '@candlekeep/candle-cache';
import type { MarketCode } from '@candlekeep/market';
import type { RunCounts } from './run-counts';
import type { Tiers, WindowSize } from './tiers';
import type { World } from './world';

/** How a run begins; all clocks in ms off the exchange's. */
export interface RunStart {
  readonly startMs: number;
  readonly cacheOffsetMs: number;
  readonly processOffsetMs: number;
  readonly size: WindowSize;
  /** Encoded answers that each gateway keeps in its memory, bytes; 0 for none. */
  readonly l0MaxBytes: number;
  /** The first of the markets is asked for most of the time. */
  readonly market: number;
  /** Codes of the timeframes that are asked for, the more often, the more often they are named. */
  readonly codes: readonly string[];
}

export interface RunParts {
  readonly tiers: Tiers;
  readonly worlds: ReadonlyMap<MarketCode, World>;
  readonly counts: RunCounts;
  /** Stand in for the tiers, so that a test can show that faulty ones are found. */
  readonly faults?: Faults;
}

export interface Faults {
  readonly window?: (window: CandleWindow) => CandleWindow;
  readonly store?: (store: CandleStore) => CandleStore;
  /** Gateways hear nothing of what changes in L1, and do not know it. */
  readonly areGatewaysDeaf?: true;
}
