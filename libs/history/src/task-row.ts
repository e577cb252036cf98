import { type Candle, InvalidValue, parseMarketCode, Timeframe } from '@candlekeep/market';
import { z } from 'zod';
import type {
  Difference,
  HistoryCounts,
  HistoryKind,
  HistoryState,
  HistoryTask,
} from './history-task';

/** Every column of a task, instants as epoch ms. */
export const TASK_COLUMNS = `
  id, kind, state, market, timeframe, open_ended, pages, calls, rows, compared, added, missing, surplus, different,
  differences, failures, reason,
  (extract(epoch FROM from_time) * 1000)::bigint AS from_ms,
  (extract(epoch FROM until_time) * 1000)::bigint AS until_ms,
  (extract(epoch FROM cursor_time) * 1000)::bigint AS cursor_ms,
  (extract(epoch FROM created_at) * 1000)::bigint AS created_ms,
  (extract(epoch FROM updated_at) * 1000)::bigint AS updated_ms`;

export interface TaskRow extends HistoryCounts {
  readonly id: string;
  readonly kind: HistoryKind;
  readonly state: HistoryState;
  readonly market: string;
  readonly timeframe: string;
  readonly open_ended: boolean;
  readonly differences: unknown;
  readonly failures: number;
  readonly reason: string | null;
  readonly from_ms: number;
  readonly until_ms: number;
  readonly cursor_ms: number;
  readonly created_ms: number;
  readonly updated_ms: number;
}

const daily = z.object({ previousClose: z.string(), change: z.string(), changeRate: z.string() });
const candle: z.ZodType<Candle> = z
  .object({
    openMs: z.number(),
    open: z.string(),
    high: z.string(),
    low: z.string(),
    close: z.string(),
    timestampMs: z.number(),
    turnover: z.string(),
    volume: z.string(),
    daily: daily.exactOptional(),
  })
  .readonly();
const differences: z.ZodType<readonly Difference[]> = z.array(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('missing'), openMs: z.number(), native: candle }),
    z.object({ kind: z.literal('surplus'), openMs: z.number(), stored: candle.exactOptional() }),
    z.object({ kind: z.literal('different'), openMs: z.number(), stored: candle, native: candle }),
  ]),
);

/** Reads a row of {@link TASK_COLUMNS}. Throws `InvalidValue` that names a row which tells of no task. */
export function taskOf(row: TaskRow): HistoryTask {
  try {
    return readTask(row);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `the row "${row.id}" of history_tasks cannot be read: ${reason}. Correct or delete it`;
    throw new InvalidValue(message, { cause });
  }
}

function readTask(row: TaskRow): HistoryTask {
  const { pages, calls, rows, compared, added, missing, surplus, different } = row;
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    series: { market: parseMarketCode(row.market), timeframe: Timeframe.parse(row.timeframe) },
    range: { fromMs: row.from_ms, untilMs: row.until_ms },
    openEnded: row.open_ended,
    cursorMs: row.cursor_ms,
    counts: { pages, calls, rows, compared, added, missing, surplus, different },
    failures: row.failures,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...differencesOf(row),
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}

/** Differences that cannot be read are none, and the task says so: those of other tasks are listed all the same. */
function differencesOf(row: TaskRow): Pick<HistoryTask, 'differences' | 'reason'> {
  const read = differences.safeParse(row.differences);
  if (read.success) return { differences: read.data };
  const reason = `the differences in row "${row.id}" of history_tasks cannot be read: expected a list of missing, surplus or different candles`;
  return { differences: [], reason };
}
