import type { Coverage, Timeframe } from '@candlekeep/market';
import type { CandleQuery } from './candle-query';
import { coveragesAfterNewestPage, isReachedBack } from './newest-page';
import { planFold } from './plan-fold';
import { type Budget, isFresh, type Knowledge, type ReadPlan } from './read-plan';
import { tileOf } from './tile';

/** Closed slots that a query needs and nobody in reach knows: they end at `untilMs`. */
export interface ClosedGap {
  readonly kind: 'gap';
  readonly untilMs: number;
  /** Rows that are still lacking. */
  readonly lacking: number;
  /** What is known of the series. */
  readonly coverage: Coverage;
}

/**
 * The step that closes a gap, or its newest part: a fold where stored candles allow one, since it costs no call; else the newest page
 * of the ladder's last series, if all that is lacking can be folded from it, since that page serves whoever asks next; else a page.
 */
export function planGap(
  query: CandleQuery,
  gap: ClosedGap,
  knowledge: Knowledge,
  budget: Budget,
): ReadPlan {
  const { timeframe } = query.series;
  const page = { kind: 'load-page', untilMs: pageEnd(timeframe, gap) } as const;
  if (!budget.canFold) return page;
  const fold = planFold(timeframe, timeframe.shift(gap.untilMs, -1), budget.stored);
  return fold ?? newestPage(query, gap, knowledge, budget) ?? page;
}

function newestPage(
  query: CandleQuery,
  { untilMs, lacking }: ClosedGap,
  { ladder, climbed }: Knowledge,
  budget: Budget,
): ReadPlan | undefined {
  const last = ladder.at(-1);
  if (ladder.length === 1 || last === undefined) return undefined;
  if (last.heads.some((head) => isFresh(head, budget))) return undefined;
  const [coverage] = coveragesAfterNewestPage(ladder, budget);
  const need = { timeframe: query.series.timeframe, beforeMs: untilMs, rows: lacking };
  if (!isReachedBack(need, climbed[0], coverage)) return undefined;
  return { kind: 'refresh-head', timeframe: last.series.timeframe, closesGap: true };
}

/**
 * Where the page ends that a gap is closed with. Right below what is known, so that it brings as much as it can. Where nothing above
 * is known, at the end of an aligned tile, since equal needs of many then make equal calls; but a need that reaches over the edge of
 * its tile would cost two of them, so its page begins where the gap does and takes both.
 */
function pageEnd(timeframe: Timeframe, { untilMs, lacking, coverage }: ClosedGap): number {
  if (coverage.contains({ fromMs: untilMs, untilMs: timeframe.closeOf(untilMs) })) return untilMs;
  const tile = tileOf(timeframe, timeframe.shift(untilMs, -1));
  const beyond = { fromMs: timeframe.shift(untilMs, -lacking), untilMs: tile.fromMs };
  return coverage.contains(beyond) ? tile.untilMs : untilMs;
}
