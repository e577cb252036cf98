import type { Coverage } from '@candlekeep/market';
import type { CandleQuery } from './candle-query';
import { climb, type Climbed } from './climb';
import type { Head } from './known-candles';
import type { Ladder } from './ladder';
import { SETTLE_MS } from './page-evidence';
import { type ClosedGap, planGap } from './plan-gap';
import { planRefresh } from './plan-refresh';
import { type Budget, isFresh, type ReadPlan } from './read-plan';

/** How far this clock may run ahead of the exchange's and still not take a changing row for a settled one. */
export const CLOCK_SKEW_MS = 10_000;

/**
 * Decides, from what is known, whether the query is answered or which one step brings it nearest, calls of the exchange first
 * among what it saves. Each step makes progress: a refreshed head is fresh for this query for good, a page read now covers the
 * unknown slot it was chosen for, because that slot lies below the settled edge, and a fold adds what it was chosen for.
 */
export function planRead(query: CandleQuery, ladder: Ladder, budget: Budget): ReadPlan {
  const climbed = climb(ladder);
  const [known] = climbed;
  const fresh = known.heads.filter((head) => isFresh(head, budget) && query.beforeMs > head.fromMs);
  const attempts = fresh.map((head) => answer(query, known, head));
  if (isSettled(query, known, budget)) attempts.push(answer(query, known));
  const complete = attempts.find((attempt) => attempt.kind === 'complete');
  if (complete !== undefined) return complete;
  const [gap] = attempts;
  return gap?.kind === 'gap'
    ? planGap(query, gap, { ladder, climbed }, budget)
    : planRefresh(query, { ladder, climbed }, budget);
}

/** Whether every slot below the query's bound is beyond change, so that no head is needed. */
function isSettled(query: CandleQuery, known: Climbed, { nowMs }: Budget): boolean {
  const { beforeMs } = query;
  const run = known.coverage.contiguousBackFrom(beforeMs);
  if (run.fromMs < beforeMs) return true;
  const presumedMs = query.series.timeframe.floor(nowMs - SETTLE_MS - CLOCK_SKEW_MS);
  return beforeMs <= Math.max(presumedMs, ...known.heads.map(({ fromMs }) => fromMs));
}

type Attempt = Extract<ReadPlan, { kind: 'complete' }> | ClosedGap;

function answer(query: CandleQuery, known: Climbed, head?: Head): Attempt {
  const { beforeMs, count } = query;
  const closedUntilMs = Math.min(beforeMs, head?.fromMs ?? beforeMs);
  const run = known.coverage.contiguousBackFrom(closedUntilMs);
  const finals = known.rows.filter(({ openMs }) => openMs >= run.fromMs && openMs < closedUntilMs);
  const open = head?.rows.filter(({ openMs }) => openMs < beforeMs) ?? [];
  const rows = [...open, ...finals];
  rows.sort((a, b) => b.openMs - a.openMs);
  if (rows.length < count && run.fromMs > 0) {
    return {
      kind: 'gap',
      untilMs: run.fromMs,
      lacking: count - rows.length,
      coverage: known.coverage,
    };
  }
  const answered = rows.slice(0, count);
  const isFolded =
    head?.provenance === 'fold' || answered.some(({ openMs }) => isKnown(known.folded, openMs));
  return { kind: 'complete', rows: answered, isFolded, ...(head === undefined ? {} : { head }) };
}

function isKnown(coverage: Coverage, openMs: number): boolean {
  return coverage.contains({ fromMs: openMs, untilMs: openMs + 1 });
}
