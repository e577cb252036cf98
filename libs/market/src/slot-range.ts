import type { TimeRange } from './time-range';
import type { Timeframe } from './timeframe';

/** Nothing was ever traded before the epoch, so what is known from here on is known from the beginning. */
export const BEGINNING_MS = 0;

/** How many slots open within the range. */
export function slotsWithin(timeframe: Timeframe, { fromMs, untilMs }: TimeRange): number {
  const first = timeframe.slotOf(timeframe.ceil(fromMs));
  return Math.max(0, timeframe.slotOf(timeframe.ceil(untilMs)) - first);
}

/**
 * The range of the newest `slots` slots that open before `untilMs`, from an open to an open. It is cut at the epoch, where all
 * knowledge begins: 200 years reach back further.
 */
export function newestSlots(timeframe: Timeframe, untilMs: number, slots: number): TimeRange {
  const endMs = timeframe.ceil(untilMs);
  return { fromMs: Math.max(BEGINNING_MS, timeframe.shift(endMs, -slots)), untilMs: endMs };
}

/**
 * The range without the slots that it holds in part only. A range that reaches back to the beginning still does, even where no
 * slot opens there (weeks open on Monday, the epoch was a Thursday).
 */
export function wholeSlotsOf(timeframe: Timeframe, { fromMs, untilMs }: TimeRange): TimeRange {
  return {
    fromMs: fromMs <= BEGINNING_MS ? fromMs : timeframe.ceil(fromMs),
    untilMs: timeframe.floor(untilMs),
  };
}
