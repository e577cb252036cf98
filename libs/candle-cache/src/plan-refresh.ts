import { Coverage, type Timeframe } from '@candlekeep/market';
import type { CandleQuery } from './candle-query';
import { reachedMsOf } from './climb';
import type { Ladder, Rung } from './ladder';
import { coveragesAfterNewestPage, isReachedBack, newestPage } from './newest-page';
import { SETTLE_MS } from './page-evidence';
import { planFold } from './plan-fold';
import { type Budget, isFresh, type Knowledge, type ReadPlan } from './read-plan';

/** A series whose head was seen this recently has followers: what can be folded from it costs no calls of its own. */
const FOLLOWED_MS = 5 * 60_000;

/** Closed candles of a source that the present of the series above is to be folded from. */
interface Lacking {
  readonly timeframe: Timeframe;
  /** The slot above begins here. */
  readonly fromMs: number;
  /** The newest unknown ones end here. */
  readonly untilMs: number;
}

/** Which newest rows to look at, and whether the cache server's clock lets them be of use yet. */
export function planRefresh(query: CandleQuery, knowledge: Knowledge, budget: Budget): ReadPlan {
  const plan = chooseRefresh(query, knowledge, budget);
  if (plan.kind !== 'refresh-head') return plan;
  const notBeforeMs = usefulFromMs(plan.timeframe, knowledge);
  return notBeforeMs <= budget.nowMs ? plan : { ...plan, notBeforeMs };
}

/** A sight is of use when all that is closed in its series and those above it had settled by then (see `withoutPassed`). */
function usefulFromMs(timeframe: Timeframe, { climbed }: Knowledge): number {
  const last = climbed.findIndex(({ series }) => series.timeframe === timeframe);
  return Math.max(...climbed.slice(0, last + 1).map(reachedMsOf)) + SETTLE_MS;
}

/**
 * Which newest rows to look at. Those of the ladder's last series, if the asked candles can be folded then: one call serves every
 * timeframe. Else the asked series' own; or, where only closed candles of a series between are lacking and the last one is
 * followed anyway, that series', so that from then on folding will do.
 */
function chooseRefresh(query: CandleQuery, knowledge: Knowledge, budget: Budget): ReadPlan {
  const own = refresh(query.series.timeframe);
  const { ladder, climbed } = knowledge;
  const last = ladder.at(-1);
  if (ladder.length === 1 || last === undefined) return own;
  const isSeen = last.heads.some((head) => isFresh(head, budget));
  const coverages = isSeen
    ? climbed.map(({ coverage }) => coverage)
    : coveragesAfterNewestPage(ladder, budget);
  const lacking = firstLacking(ladder, coverages, budget.nowMs);
  if (lacking !== undefined) return repair(lacking, ladder, budget) ?? own;
  const { beforeMs, count, series } = query;
  // The forming candle is one of those asked for.
  const need = { timeframe: series.timeframe, beforeMs, rows: count - 1 };
  if (isSeen || followsAnUntradedDay(climbed, budget)) return own;
  if (!isReachedBack(need, climbed[0], coverages[0])) return own;
  return refresh(last.series.timeframe);
}

function refresh(timeframe: Timeframe): ReadPlan {
  return { kind: 'refresh-head', timeframe };
}

/** Today has no previous close to be folded with then, nor has anything that is made of days. */
function followsAnUntradedDay(climbed: Knowledge['climbed'], { nowMs }: Budget): boolean {
  const day = climbed.find(({ series }) => series.timeframe.kind === 'day');
  if (day === undefined) return false;
  const { timeframe } = day.series;
  const untilMs = timeframe.floor(nowMs - SETTLE_MS);
  const fromMs = timeframe.shift(untilMs, -1);
  const isCovered = day.coverage.contains({ fromMs, untilMs });
  return isCovered && !day.rows.some(({ openMs }) => openMs === fromMs);
}

/** The closed part of a forming slot that its source does not know, on the lowest rung where there is one. */
function firstLacking(
  ladder: Ladder,
  coverages: readonly Coverage[],
  nowMs: number,
): Lacking | undefined {
  const edgeMs = nowMs - SETTLE_MS;
  for (let index = ladder.length - 1; index > 0; index -= 1) {
    const timeframe = ladder[index]?.series.timeframe;
    const above = ladder[index - 1]?.series.timeframe;
    if (timeframe === undefined || above === undefined) continue;
    const closed = { fromMs: above.floor(edgeMs), untilMs: timeframe.floor(edgeMs) };
    const gap = (coverages[index] ?? Coverage.EMPTY).newestGap(closed);
    if (gap !== undefined) return { timeframe, fromMs: closed.fromMs, untilMs: gap.untilMs };
  }
  return undefined;
}

/** Its stream has begun in the middle of what is closed: one page brings the rest, and from then on folding will do for everybody. */
function isStreamedAlone({ heads }: Rung): boolean {
  return heads.length > 0 && heads.every(({ provenance }) => provenance === 'stream');
}

/** A fold if the store allows it, else, where it pays, the newest page of the lacking series; undefined if neither. */
function repair(
  { timeframe, fromMs, untilMs }: Lacking,
  ladder: Ladder,
  budget: Budget,
): ReadPlan | undefined {
  const newestMs = timeframe.shift(untilMs, -1);
  const fold = budget.canFold ? planFold(timeframe, newestMs, budget.stored) : undefined;
  if (fold !== undefined) return fold;
  const last = ladder.at(-1);
  if (last?.series.timeframe === timeframe && isStreamedAlone(last)) {
    return fromMs >= newestPage(timeframe, budget.nowMs).fromMs ? refresh(timeframe) : undefined;
  }
  const since = budget.nowMs - FOLLOWED_MS;
  const isFollowed = ladder.at(-1)?.heads.some(({ seenAtMs }) => seenAtMs >= since) ?? false;
  const rung = ladder.find(({ series }) => series.timeframe === timeframe);
  const isDone = rung?.heads.some((head) => isFresh(head, budget)) ?? true;
  const isSeenBefore = ladder[0].heads.length > 0;
  // What L1 lacks may be in L2: it is asked before the exchange is.
  return isFollowed && isSeenBefore && !isDone
    ? { kind: 'refresh-head', timeframe, closesGap: true }
    : undefined;
}
