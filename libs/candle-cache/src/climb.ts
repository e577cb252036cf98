import { type Candle, Coverage, dailyChange, foldInto, type Timeframe } from '@candlekeep/market';
import type { Head } from './known-candles';
import type { Ladder, Rung } from './ladder';
import { SETTLE_MS } from './page-evidence';

/** The asked series with all that its sources can tell of it. */
export interface Climbed extends Rung {
  /** What was not known of the series itself. */
  readonly folded: Coverage;
}

/**
 * Folds what is in hand upwards, rung by rung: closed slots that their source covers wholly become final rows, and each sight of
 * the shortest series' present becomes a sight of every longer one's, as old as it. Own rows and own sights stay. In the ladder's order.
 */
export function climb([top, ...sources]: Ladder): [Climbed, ...Climbed[]] {
  const [source, ...below] = sources;
  if (source === undefined) return [withoutPassed({ ...top, folded: Coverage.EMPTY })];
  const climbed = climb([source, ...below]);
  const [lower] = climbed;
  const closed = foldClosed(top, lower);
  const heads = lower.heads.flatMap((head) => foldHead(closed, lower, head) ?? []);
  heads.push(...top.heads);
  heads.sort((a, b) => b.seenAtMs - a.seenAtMs);
  return [withoutPassed({ ...closed, heads }), ...climbed];
}

/** Where closed knowledge of a series ends; 0 without any. */
export function reachedMsOf({ coverage, covered }: Rung): number {
  return Math.max(...[coverage, covered].map(({ ranges }) => ranges.at(-1)?.untilMs ?? 0));
}

/**
 * What is in hand may be of different moments (two tiers, two series). A sight from before the end of closed knowledge had settled is
 * of a present that has passed: below newer finals it would leave out what lies above them. A later one shows all that lies beyond.
 */
function withoutPassed(rung: Climbed): Climbed {
  const reachedMs = reachedMsOf(rung);
  const heads = rung.heads.flatMap((head) => {
    if (head.fromMs >= reachedMs) return head;
    if (head.seenAtMs < reachedMs + SETTLE_MS) return [];
    const rows = head.rows.filter(({ openMs }) => openMs >= reachedMs);
    return { ...head, fromMs: reachedMs, rows };
  });
  return { ...rung, heads };
}

function foldClosed(upper: Rung, lower: Rung): Climbed {
  const { timeframe } = upper.series;
  const unknown = lower.coverage.wholeSlots(timeframe).subtract(upper.coverage);
  const parts = lower.rows.filter(({ openMs }) => isWithin(unknown, openMs)).reverse();
  const rows = new Map(upper.rows.map((row) => [row.openMs, row]));
  const untold: { fromMs: number; untilMs: number }[] = [];
  for (const folded of foldInto(timeframe, parts)) {
    const row = withDailyChange(timeframe, folded, rows);
    if (row !== undefined) rows.set(row.openMs, row);
    else untold.push({ fromMs: folded.openMs, untilMs: timeframe.closeOf(folded.openMs) });
  }
  const folded = unknown.subtract(Coverage.of(untold));
  return {
    ...upper,
    folded,
    coverage: upper.coverage.union(folded),
    rows: [...rows.values()].sort((a, b) => b.openMs - a.openMs),
  };
}

/** The sight of the present that follows from a shorter series' sight; none where the slot's closed part is not all known. */
function foldHead(upper: Rung, lower: Rung, head: Head): Head | undefined {
  const { timeframe } = upper.series;
  const fromMs = timeframe.floor(head.fromMs);
  if (!lower.coverage.contains({ fromMs, untilMs: head.fromMs })) return undefined;
  const closed = lower.rows.filter(({ openMs }) => openMs >= fromMs && openMs < head.fromMs);
  const known = new Map(upper.rows.map((row) => [row.openMs, row]));
  const rows: Candle[] = [];
  for (const folded of foldInto(timeframe, [...closed.reverse(), ...head.rows])) {
    const row = withDailyChange(timeframe, folded, known);
    if (row === undefined) return undefined;
    known.set(row.openMs, row);
    rows.push(row);
  }
  return { fromMs, seenAtMs: head.seenAtMs, rows, provenance: 'fold' };
}

/** A day needs the close of the UTC day before it; what the exchange prints after an untraded day is not known. */
function withDailyChange(
  timeframe: Timeframe,
  row: Candle,
  known: ReadonlyMap<number, Candle>,
): Candle | undefined {
  if (timeframe.kind !== 'day') return row;
  const before = known.get(timeframe.shift(row.openMs, -1));
  return before && { ...row, daily: dailyChange(row.close, before.close) };
}

function isWithin(coverage: Coverage, openMs: number): boolean {
  return coverage.contains({ fromMs: openMs, untilMs: openMs + 1 });
}
