import { type CandleStore, PAGE_ROWS, type StoredCandles } from '@candlekeep/candle-cache';
import { CandlekeepError, isEmptyRange, newestSlots } from '@candlekeep/market';
import { comparePage } from './compare-page';
import { NothingShown } from './history-errors';
import { type Difference, type HistoryCounts, type HistoryTask, NO_COUNTS } from './history-task';
import { assertSpeaksForAll, type PageReader } from './page-reader';
import type { HistoryStep } from './task-book';

/** Twice a page: so many stored rows may be surplus before a comparison has to stop short of the page's begin. */
const COMPARED_ROWS = 2 * PAGE_ROWS;
/** Attempts at a page that denies stored rows: an exchange in trouble denies for a moment. */
const DENIALS = 3;

/**
 * Holds the newest page of what is left against the exchange. The store is read first, because reading the page repairs it. A page
 * that denies stored rows is refused by the reader and changes nothing: when it does so again and again, it counts as one surplus.
 */
export async function verificationStep(
  { store, reader }: { readonly store: CandleStore; readonly reader: PageReader },
  task: HistoryTask,
  signal: AbortSignal,
): Promise<HistoryStep> {
  const { series, range, cursorMs } = task;
  const stored = await store.read(series, { beforeMs: cursorMs, limit: COMPARED_ROWS });
  try {
    const question = { series, untilMs: cursorMs };
    const page = await reader.readPage(question, signal);
    assertSpeaksForAll(question, page);
    const { covered, rows, calls } = page;
    const speaksFor = {
      fromMs: Math.max(range.fromMs, covered.fromMs, reachOf(stored)),
      untilMs: cursorMs,
    };
    if (isEmptyRange(speaksFor)) throw new NothingShown(series, cursorMs);
    const { compared, added, differences } = comparePage({
      ...{ range: speaksFor, stored, native: rows },
    });
    const shown = rows.filter(({ openMs }) => openMs >= speaksFor.fromMs).length;
    const read = { ...NO_COUNTS, pages: 1, calls, rows: shown, compared, added };
    return { cursorMs: speaksFor.fromMs, counts: { ...read, ...tally(differences) }, differences };
  } catch (error) {
    if (!isDenial(error) || task.failures < DENIALS) throw error;
    return skipDenied(task, error);
  }
}

function isDenial(error: unknown): error is CandlekeepError {
  return error instanceof CandlekeepError && error.code === 'EXCHANGE_CONTRADICTS';
}

/** The page's other rows are not compared, since nobody has seen them; its begin stands for a denial that names no row. */
function skipDenied(
  { series, range, cursorMs }: HistoryTask,
  denial: CandlekeepError,
): HistoryStep {
  const page = newestSlots(series.timeframe, cursorMs, PAGE_ROWS);
  const fromMs = Math.max(range.fromMs, page.fromMs);
  const openMs = 'openMs' in denial && typeof denial.openMs === 'number' ? denial.openMs : fromMs;
  const differences: Difference[] = [{ kind: 'surplus', openMs }];
  return {
    cursorMs: fromMs,
    counts: { ...NO_COUNTS, pages: 1, ...tally(differences) },
    differences,
  };
}

/** How far back the rows that were read from the store reach. */
function reachOf({ rows }: StoredCandles): number {
  return rows.length < COMPARED_ROWS ? 0 : (rows.at(-1)?.openMs ?? 0);
}

function tally(
  differences: readonly Difference[],
): Pick<HistoryCounts, 'missing' | 'surplus' | 'different'> {
  const count = (kind: Difference['kind']): number =>
    differences.filter((difference) => difference.kind === kind).length;
  return { missing: count('missing'), surplus: count('surplus'), different: count('different') };
}
