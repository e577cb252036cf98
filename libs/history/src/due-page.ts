import { PAGE_ROWS, type UnverifiedStretch } from '@candlekeep/candle-cache';
import { BEGINNING_MS, Coverage, type Timeframe, type TimeRange } from '@candlekeep/market';
import type { PageQuestion } from './page-reader';

const HOUR_MS = 3_600_000;
/** A doubt about seconds or minutes is not left alone for longer than this, ms: 200 of them are old sooner, unless it has no begin. */
const OLD_DOUBT_MS = 4 * HOUR_MS;
/** One about a longer timeframe may wait: its rows are folds of minutes, and a minute that verification corrects takes them away. */
const OLD_FOLD_DOUBT_MS = 48 * HOUR_MS;

/**
 * The page that settles the oldest doubt about a series, when it is time for it: as soon as the 200 slots from there on are all
 * old enough (`beforeMs`), or when the doubt is old: four hours, for what is folded from minutes two days. So a 1m series that is
 * read all day costs 7.2 calls a day (200 minutes each), 3m 2.4, 5m 1.4, any longer one at most 0.7; never one call for each new candle.
 */
export function findDuePage(
  { series, ranges }: UnverifiedStretch,
  beforeMs: number,
): PageQuestion | undefined {
  const { timeframe } = series;
  const edgeMs = timeframe.floor(beforeMs);
  const [oldest] = ranges.intersect({ fromMs: BEGINNING_MS, untilMs: edgeMs }).ranges;
  if (oldest === undefined) return undefined;
  // Since the beginning: nobody knows which slot is the first that was traded. The page at the end leads there, page by page.
  const isOpenBelow = oldest.fromMs <= BEGINNING_MS;
  const firstMs = isOpenBelow ? timeframe.shift(oldest.untilMs, -1) : oldest.fromMs;
  const fullPageMs = isOpenBelow ? oldest.untilMs : timeframe.shift(firstMs, PAGE_ROWS);
  if (fullPageMs <= edgeMs && !isOpenBelow) return { series, untilMs: fullPageMs };
  const isOld = timeframe.closeOf(firstMs) <= beforeMs - waitOf(timeframe);
  return isOld ? { series, untilMs: Math.min(fullPageMs, edgeMs) } : undefined;
}

function waitOf({ kind, code }: Timeframe): number {
  return kind === 'second' || code === '1m' ? OLD_DOUBT_MS : OLD_FOLD_DOUBT_MS;
}

/** What is left in doubt after a page was read. */
export function doubtsAfter(
  { series, ranges }: UnverifiedStretch,
  covered: TimeRange,
): UnverifiedStretch {
  return { series, ranges: ranges.subtract(Coverage.of([covered])) };
}
