import type { CandleStore } from '@candlekeep/candle-cache';
import { Coverage, type Series, type TimeRange } from '@candlekeep/market';
import { NothingShown } from './history-errors';
import { type HistoryTask, NO_COUNTS } from './history-task';
import { assertSpeaksForAll, type PageReader } from './page-reader';
import type { HistoryStep } from './task-book';

interface BackfillParts {
  readonly store: CandleStore;
  readonly reader: PageReader;
}

/**
 * Brings the newest unknown page of what is left. Coverage is asked anew for each, so that pages which others brought, or which
 * this task brought before its worker died, cost no call. A page that another brought while this one waited for its turn is
 * progress as well: the cursor comes down to it, and the next step goes on below.
 */
export async function backfillStep(
  parts: BackfillParts,
  { series, range, cursorMs }: HistoryTask,
  signal: AbortSignal,
): Promise<HistoryStep> {
  const left = { fromMs: range.fromMs, untilMs: cursorMs };
  const edgeMs = await newestUnknownMs(parts.store, series, left);
  if (edgeMs === undefined) return await atTheEnd(parts.store, series, range);
  const question = { series, untilMs: edgeMs };
  const page = await parts.reader.readUnknownPage(question, signal);
  if (page === undefined) return { cursorMs: edgeMs, counts: NO_COUNTS, differences: [] };
  assertSpeaksForAll(question, page);
  const { covered, rows, calls } = page;
  if (covered.fromMs >= cursorMs) throw new NothingShown(series, edgeMs);
  const fromMs = Math.max(range.fromMs, covered.fromMs);
  const brought = rows.filter(({ openMs }) => openMs >= fromMs).length;
  const counts = { ...NO_COUNTS, pages: 1, calls, rows: brought };
  if (fromMs > range.fromMs) return { cursorMs: fromMs, counts, differences: [] };
  return { ...(await atTheEnd(parts.store, series, range)), counts };
}

/**
 * The cursor has come to the end of the range. What it passed may have been taken away behind its back, by a purge or a correction:
 * then it goes up again, to the newest hole. Each time round costs only what was taken away meanwhile, so it ends with that.
 */
async function atTheEnd(
  store: CandleStore,
  series: Series,
  range: TimeRange,
): Promise<HistoryStep> {
  const holeMs = await newestUnknownMs(store, series, range);
  return { cursorMs: holeMs ?? range.fromMs, counts: NO_COUNTS, differences: [] };
}

/** Where the newest stretch ends that is not stored, an open; undefined when all of the range is. */
async function newestUnknownMs(
  store: CandleStore,
  series: Series,
  range: TimeRange,
): Promise<number | undefined> {
  const stored = (await store.readCoverages(series.market)).get(series.timeframe.code);
  const gap = (stored?.coverage ?? Coverage.EMPTY).newestGap(range);
  return gap === undefined ? undefined : series.timeframe.ceil(gap.untilMs);
}
