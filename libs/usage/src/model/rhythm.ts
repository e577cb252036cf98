import type { PredictionReason } from './prediction';

/** When an expected arrival likely comes, and with which probability it comes at all. */
export interface Expected {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly probability: number;
}

/** A note may be this much later than others that were asked after it; an absence is believed after it, ms. */
export const LATE_MS = 1_000;

/** A regularity in the arrivals of one question. */
export interface Rhythm {
  readonly reason: PredictionReason;
  /** Length of the grid on which its arrivals lie, ms; undefined where each is counted from the one before. */
  readonly gridMs: number | undefined;
  /** Begin of the likely window of some occurrence: any for a grid, else of the next; undefined while there is none. */
  readonly startMs: number | undefined;
  /** From when on the next arrival, if it did not come, is known to be absent; Infinity while none is awaited. */
  readonly overdueMs: number;
  /** How surely an arrival at this instant was expected, 0..1; undefined when it would not belong here. */
  expects(atMs: number): number | undefined;
  /** Tells of an arrival that belongs here. `perMs`: how many come in a millisecond, whenever. */
  arrived(atMs: number, perMs: number): void;
  /** Judges as absent whatever is overdue at `heardMs`. */
  missedUntil(heardMs: number): void;
  /** Judges nothing that may have come before this instant: nobody listened. */
  resume(fromMs: number): void;
  /** Awaited arrivals of at least this probability whose likely window begins in [fromMs, untilMs), in order of time. */
  expectedWithin(fromMs: number, untilMs: number, atLeast: number): readonly Expected[];
  /** Begin of the first window from `nowMs` on that is at least so probable; undefined when none is near. */
  findNext(nowMs: number, atLeast: number): number | undefined;
  /** Whether nothing came for so long that it is not worth keeping. */
  isForgotten(nowMs: number): boolean;
}
