import type { Clock } from '@candlekeep/clock';
import type { Timeframe } from '@candlekeep/market';

import type { UsageNote } from '@candlekeep/usage';
import type { PreloadHouse } from './preload-house';

/** What is done about the future in one variant. What a variant does not heed it leaves out. */
export interface Foresight {
  /** Strategies are activated, before the first question. */
  start?(): Promise<void>;
  /** A caller's question, some time after it was asked: notes travel in batches. */
  noted?(note: UsageNote): void | Promise<void>;
  /** Each {@link TICK_MS}; not waited for. */
  tick?(nowMs: number): void | Promise<void>;
  /** `LEAD_MS` before each close of a needed timeframe; not waited for. */
  boundary?(timeframe: Timeframe, nowMs: number): Promise<void>;
}

/** What a variant sees of the house. */
export interface ForesightParts {
  readonly house: PreloadHouse;
  readonly clock: Clock;
}

/** One way to deal with the future, by the name that reports show. */
export interface Variant {
  readonly name: string;
  /** Undefined: nothing is done. */
  readonly open?: (parts: ForesightParts) => Foresight;
}

export const TICK_MS = 250;

/** From a question to the learner: a gateway's batch and the stream's way, ms. */
export const NOTE_WAY_MS = 250;
