import { type Candle, dailyChange, Timeframe, type TimeRange } from '@candlekeep/market';

/** Final rows of a stretch and the opens in which they are all there is. */
export interface DayStretch {
  readonly covered: TimeRange;
  /** Oldest first. */
  readonly rows: readonly Candle[];
}

const DAY = Timeframe.parse('1d');

/**
 * Gives folded days of a range, oldest first, what the exchange adds: the distance from the previous day's close. What it says of a
 * day that follows one without trades is not known, so such a day is left out and the range falls apart there. `previousClose` is
 * that of the day before the range, if there was a candle.
 */
export function chainDays(
  days: readonly Candle[],
  range: TimeRange,
  previousClose: string | undefined,
): readonly DayStretch[] {
  const stretches: DayStretch[] = [];
  let previous = previousClose;
  let fromMs = range.fromMs;
  let rows: Candle[] = [];
  let expectedMs = range.fromMs;
  for (const day of days) {
    if (day.openMs !== expectedMs) previous = undefined;
    expectedMs = DAY.closeOf(day.openMs);
    if (previous === undefined) {
      stretches.push({ covered: { fromMs, untilMs: day.openMs }, rows });
      [fromMs, rows] = [expectedMs, []];
    } else rows.push({ ...day, daily: dailyChange(day.close, previous) });
    previous = day.close;
  }
  stretches.push({ covered: { fromMs, untilMs: range.untilMs }, rows });
  return stretches.filter(({ covered }) => covered.fromMs < covered.untilMs);
}
