import { Coverage, type TimeRange } from '@candlekeep/market';
import type { ClientBase } from '@candlekeep/postgres';
import type { CandlePage } from './candle-page';
import { slotsOf, type StoredStretch } from './merge-page';
import type { SeriesKnowledge } from './series-knowledge';
import {
  lackedStatement,
  MOST_LACKED,
  storedCandle,
  type StoredRow,
  storedStatement,
} from './write-candles';

/**
 * What a page can contradict: the stored rows from its first row on, and before that the slots with rows in doubt, which it lacks.
 * A short page of seconds covers everything since the beginning, so the rows before it are never all read. Nothing is asked for
 * where nothing is known, or nothing would be replaced.
 */
export async function readStretch(
  client: ClientBase,
  page: CandlePage,
  known: SeriesKnowledge,
): Promise<StoredStretch> {
  if (page.provenance !== 'native') return { known, rows: [], lackedBefore: Coverage.EMPTY };
  const range = rangeOfRows(page);
  const isKnown = !known.ranges.intersect(range).isEmpty;
  const found = isKnown
    ? await client.query<StoredRow>(storedStatement(page, range))
    : { rows: [] };
  const lackedBefore = await readLacked(client, page, doubtBefore(page, known));
  return { known, rows: found.rows.map(storedCandle), lackedBefore };
}

/** From the page's first row to the end of what it covers; empty when it has no row. */
export function rangeOfRows({ rows, covered }: CandlePage): TimeRange {
  return { fromMs: rows[0]?.openMs ?? covered.untilMs, untilMs: covered.untilMs };
}

/** What is in doubt of what the page covers before its first row. */
export function doubtBefore(page: CandlePage, known: SeriesKnowledge): Coverage {
  const before = { fromMs: page.covered.fromMs, untilMs: rangeOfRows(page).fromMs };
  return known.ranges.subtract(known.verified).intersect(before);
}

async function readLacked(
  client: ClientBase,
  { series, covered }: CandlePage,
  doubt: Coverage,
): Promise<Coverage> {
  if (doubt.isEmpty) return Coverage.EMPTY;
  const { rows } = await client.query<{ open_ms: number }>(lackedStatement(series, doubt));
  const lacked = slotsOf(
    series.timeframe,
    rows.map(({ open_ms: openMs }) => ({ openMs })),
  );
  const oldestMs = rows.at(-1)?.open_ms;
  if (oldestMs === undefined || rows.length < MOST_LACKED) return lacked;
  // Nobody knows which slots before these have rows, so none of them is proven.
  return lacked.union(Coverage.of([{ fromMs: covered.fromMs, untilMs: oldestMs }]));
}
