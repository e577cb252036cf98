import {
  type Candle,
  type Coverage,
  foldSourcesOf,
  type Series,
  type Timeframe,
} from '@candlekeep/market';
import type { CandleQuery } from './candle-query';
import type { WindowQuery, WindowSight } from './candle-window';
import type { Head } from './known-candles';
import { SETTLE_MS } from './page-evidence';

/** What is in hand of one series for a query: inside `coverage` every candle is among `rows`, unless `rows` was cut at its limit. */
export interface Rung {
  readonly series: Series;
  /** Known and final; of a source only the slice that was looked at. */
  readonly coverage: Coverage;
  /** Final rows, newest first. */
  readonly rows: readonly Candle[];
  /** Sights of the present, the newest first. */
  readonly heads: readonly Head[];
  /** Covered in the tier, whether or not its rows are in hand. */
  readonly covered: Coverage;
}

/**
 * The asked series and, where the answer touches the present, the shorter ones that it can be folded from: each is folded
 * from the next, the last is read from the exchange.
 */
export type Ladder = readonly [Rung, ...Rung[]];

/** A query for a day needs the day before as well, for its close. */
const BEFORE_THE_FIRST = 1;
/** A slot has at most 366 parts, and two slots are looked at. */
const SOURCE_ROWS = 740;
/** Sights of sources that are older than this are not folded, even for a caller who would take them: there are too many rows before them. */
const OLDEST_FOLDED_SIGHT_MS = 4 * 3_600_000;

/** The timeframe, then what it is folded from, down to what only the exchange knows. */
function rungsBelow(timeframe: Timeframe): Timeframe[] {
  const source = foldSourcesOf(timeframe)[0];
  return source === undefined ? [timeframe] : [timeframe, ...rungsBelow(source)];
}

/**
 * What to look at for a query, the asked series first. Of a source: the slot that `nowMs` falls in, the one before it, and those of
 * sights that the caller takes: a fold that was shown once must not give way to an older sight.
 * @param nowMs not later than the cache server's time; the earlier, the more is looked at
 */
export function ladderQueries(query: CandleQuery, nowMs: number): WindowQuery[] {
  const { series, beforeMs, count } = query;
  const { market, timeframe } = series;
  const own = { series, beforeMs, limit: count + BEFORE_THE_FIRST };
  const sightMs = nowMs - SETTLE_MS - Math.min(oldestTakenMs(query), OLDEST_FOLDED_SIGHT_MS);
  // No sight that the caller takes tells of what opens so early.
  if (beforeMs <= Math.min(timeframe.shift(nowMs, -1), timeframe.floor(sightMs))) return [own];
  const rungs = rungsBelow(timeframe);
  const sources = rungs.slice(1).map((source, index) => ({
    series: { market, timeframe: source },
    beforeMs,
    limit: SOURCE_ROWS,
    fromMs: fromOf(rungs[index] ?? timeframe, nowMs, sightMs),
  }));
  return [own, ...sources];
}

function fromOf(upper: Timeframe, nowMs: number, sightMs: number): number {
  return Math.min(upper.shift(nowMs - SETTLE_MS, -1), upper.floor(sightMs));
}

/** How old the oldest sight may be that the caller takes, ms. */
function oldestTakenMs({ maxAgeMs, maxStaleMs = 0, staleIfErrorMs = 0 }: CandleQuery): number {
  return maxAgeMs + Math.max(maxStaleMs, staleIfErrorMs);
}

/** A rung of what a tier shows for a query. */
export function rungOf(
  query: WindowQuery,
  sight: Pick<WindowSight, 'coverage' | 'rows' | 'head'>,
): Rung {
  const { series, beforeMs, limit, fromMs } = query;
  const { coverage, rows, head } = sight;
  const heads = head === undefined ? [] : [head];
  if (fromMs === undefined) return { series, coverage, rows, heads, covered: coverage };
  const cutMs = rows.length < limit ? fromMs : (rows.at(-1)?.openMs ?? beforeMs);
  const slice = { fromMs: Math.max(fromMs, cutMs), untilMs: beforeMs };
  return { series, coverage: coverage.intersect(slice), rows, heads, covered: coverage };
}
