import { Coverage, slotsWithin, type Timeframe, type TimeRange } from '@candlekeep/market';
import { PAGE_ROWS } from './candle-query';
import type { Climbed } from './climb';
import type { Ladder, Rung } from './ladder';
import { SETTLE_MS } from './page-evidence';
import type { Budget, StoredCoverages } from './read-plan';

/** Closed slots that a newest page surely brings: it also holds the forming one and may hold one that has not settled. */
const CLOSED_ROWS = PAGE_ROWS - 2;

/** What each series would cover if the last one's newest page were read now and all folds were made, own first. */
export function coveragesAfterNewestPage(ladder: Ladder, { nowMs, stored }: Budget): Coverage[] {
  const coverages: Coverage[] = [];
  for (const rung of [...ladder].reverse()) {
    const { timeframe } = rung.series;
    const lower = coverages[0];
    const gained = lower?.wholeSlots(timeframe) ?? Coverage.of([newestPage(timeframe, nowMs)]);
    coverages.unshift(coveredOf(rung, stored).union(gained));
  }
  return coverages;
}

/** What the newest page surely covers when it is read at `nowMs`. */
export function newestPage(timeframe: Timeframe, nowMs: number): TimeRange {
  const untilMs = timeframe.floor(nowMs - SETTLE_MS);
  return { fromMs: timeframe.shift(untilMs, -CLOSED_ROWS), untilMs };
}

function coveredOf({ series, covered }: Rung, stored: StoredCoverages): Coverage {
  return covered.union(stored.get(series.timeframe.code) ?? Coverage.EMPTY);
}

/** So many closed candles before an instant. */
export interface ClosedNeed {
  readonly timeframe: Timeframe;
  readonly beforeMs: number;
  readonly rows: number;
}

/** Whether closed candles of the asked series reach as far back as is needed, if it covered this. */
export function isReachedBack(
  { timeframe, beforeMs, rows }: ClosedNeed,
  known: Climbed,
  coverage = Coverage.EMPTY,
): boolean {
  // Nothing is no run back to the beginning.
  if (coverage.isEmpty) return false;
  const newestMs = coverage.ranges.at(-1)?.untilMs ?? 0;
  const run = coverage.contiguousBackFrom(Math.min(beforeMs, newestMs));
  if (run.fromMs <= 0) return true;
  const inRun = known.rows.filter(({ openMs }) => openMs >= run.fromMs && openMs < run.untilMs);
  const unknown = Coverage.of([run]).subtract(known.coverage);
  const gained = unknown.ranges.reduce((sum, range) => sum + slotsWithin(timeframe, range), 0);
  return inRun.length + gained >= rows;
}
