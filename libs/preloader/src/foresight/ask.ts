import type { EarlyQuestion } from '../warm/early-question';

/** Why something is expected. */
export type ForesightSource = 'strategy' | 'habit' | 'pace' | 'sequence';

/** A question that somebody is expected to ask once, in a stretch of time. Instants: epoch ms of the queue server. */
export interface Expected extends EarlyQuestion {
  /** Who asks. What one caller is expected to ask it asks, or not, together. */
  readonly caller: string;
  readonly fromMs: number;
  readonly untilMs: number;
  /** That it comes at all, 0 to 1. */
  readonly probability: number;
  readonly source: ForesightSource;
  /** For people. */
  readonly why: string;
}

/** A question to be asked now. */
export interface Ask extends EarlyQuestion {
  /** Nobody is expected to want it after that. */
  readonly untilMs: number;
  readonly source: ForesightSource;
  readonly why: string;
  /** That what it brings is used by anybody. */
  readonly worth: number;
}
