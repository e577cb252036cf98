const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const LEAST_TOLERANCE_MS = 6_000;
const MOST_TOLERANCE_MS = 3 * MINUTE_MS;
const RARE_TOLERANCE_MS = 10 * MINUTE_MS;

/** Lengths of habits, shortest first: those of candles, on even grids from the epoch, ms. */
export const PERIODS_MS: readonly number[] = [
  ...[1, 3, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  HOUR_MS,
  4 * HOUR_MS,
  DAY_MS,
  7 * DAY_MS,
];

/** From this length on one repetition is enough to expect the next. */
export const RARE_MS = DAY_MS;

/**
 * How far from their middle arrivals of one habit may lie, ms: a twentieth of its period between six seconds (callers strew
 * their questions over some seconds after a close) and three minutes; ten minutes of a day or more.
 */
export function toleranceOf(everyMs: number): number {
  if (everyMs >= RARE_MS) return RARE_TOLERANCE_MS;
  return Math.min(Math.max(everyMs / 20, LEAST_TOLERANCE_MS), MOST_TOLERANCE_MS);
}
