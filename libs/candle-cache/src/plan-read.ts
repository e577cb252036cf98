import type { Candle, Timeframe } from '@candlekeep/market';
import type { CandleQuery } from './candle-query';
import type { Head, KnownCandles } from './known-candles';
import { SETTLE_MS } from './page-evidence';
import { tileOf } from './tile';

/** How far this clock may run ahead of the exchange's and still not take a changing row for a settled one. */
export const CLOCK_SKEW_MS = 10_000;

/** What to do next for a query. */
export type ReadPlan =
  /** `rows` (newest first) answer the query; `head` is the sight that the answer leans on, if any. */
  | { readonly kind: 'complete'; readonly rows: readonly Candle[]; readonly head?: Head }
  /** The newest rows must be seen anew. */
  | { readonly kind: 'refresh-head' }
  /** Closed candles are unknown: the page that ends at `untilMs` holds the newest of them. */
  | { readonly kind: 'load-tile'; readonly untilMs: number };

export interface Instants {
  /** Now, epoch ms, by the cache server's clock: one clock for every gateway. */
  readonly nowMs: number;
  /** The oldest sight of the head that the caller accepts, same clock. */
  readonly freshSinceMs: number;
}

/**
 * Decides, from what is known, whether the query is answered or which one page brings it nearest. Each plan makes
 * progress: a refreshed head is fresh for this query for good, and a tile read now covers the unknown slot it was
 * chosen for, because that slot lies below the settled edge.
 */
export function planRead(query: CandleQuery, known: KnownCandles, instants: Instants): ReadPlan {
  const { head } = known;
  const settled = isSettled(query, known, instants) ? answerOrLoad(query, known) : undefined;
  if (settled?.kind === 'complete') return settled;
  if (isFresh(head, instants) && query.beforeMs > head.fromMs) {
    return answerOrLoad(query, known, head);
  }
  return settled ?? { kind: 'refresh-head' };
}

/** Whether every slot below the query's bound is beyond change, so that no head is needed. */
function isSettled(query: CandleQuery, known: KnownCandles, { nowMs }: Instants): boolean {
  const { beforeMs } = query;
  const run = known.coverage.contiguousBackFrom(beforeMs);
  if (run.fromMs < beforeMs) return true;
  const presumedMs = query.series.timeframe.floor(nowMs - SETTLE_MS - CLOCK_SKEW_MS);
  return beforeMs <= Math.max(presumedMs, known.head?.fromMs ?? 0);
}

/** A sight from the future was written under another clock: it proves nothing about its age. */
function isFresh(head: Head | undefined, { nowMs, freshSinceMs }: Instants): head is Head {
  return head !== undefined && head.seenAtMs >= freshSinceMs && head.seenAtMs <= nowMs;
}

function answerOrLoad(query: CandleQuery, known: KnownCandles, head?: Head): ReadPlan {
  const { beforeMs, count, series } = query;
  const closedUntilMs = Math.min(beforeMs, head === undefined ? beforeMs : edgeOf(known, head));
  const run = known.coverage.contiguousBackFrom(closedUntilMs);
  const finals = known.rows.filter(({ openMs }) => openMs >= run.fromMs && openMs < beforeMs);
  const rows = [...unsettledRows(beforeMs, known, head), ...finals];
  rows.sort((a, b) => b.openMs - a.openMs);
  if (rows.length >= count || run.fromMs <= 0) {
    return {
      kind: 'complete',
      rows: rows.slice(0, count),
      ...(head === undefined ? {} : { head }),
    };
  }
  return { kind: 'load-tile', untilMs: newestUnknownTile(series.timeframe, run.fromMs) };
}

/** Where closed knowledge must reach: to the head, or beyond it where a later page has proven more; never over a hole between the two. */
function edgeOf({ coverage }: KnownCandles, head: Head): number {
  return Math.max(head.fromMs, coverage.ranges.at(-1)?.untilMs ?? 0);
}

/** Rows of the head below the bound, without those that have become final since. */
function unsettledRows(beforeMs: number, known: KnownCandles, head?: Head): Candle[] {
  const rows = head?.rows.filter(({ openMs }) => openMs < beforeMs) ?? [];
  return rows.filter(
    ({ openMs }) => !known.coverage.contains({ fromMs: openMs, untilMs: openMs + 1 }),
  );
}

function newestUnknownTile(timeframe: Timeframe, knownFromMs: number): number {
  return tileOf(timeframe, timeframe.shift(knownFromMs, -1)).untilMs;
}
