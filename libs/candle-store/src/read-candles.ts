import {
  type Candle,
  Coverage,
  InvalidValue,
  type Series,
  seriesName,
  type TimeRange,
} from '@candlekeep/market';
import { timestamptz } from './timestamptz';

/**
 * The newest rows and all covered ranges in one result, because two statements would see two snapshots: a page saved
 * between them would be covered without its rows. Only ranges have `until_ms`.
 */
const TEXT = `
  SELECT (extract(epoch FROM open_time) * 1000)::bigint AS from_ms, NULL::bigint AS until_ms,
         last_tick_ms, open, high, low, close, volume, turnover,
         previous_close, change, change_rate
    FROM (SELECT * FROM candles
           WHERE market = $1 AND timeframe = $2 AND open_time < $3
           ORDER BY open_time DESC LIMIT $4) AS newest
  UNION ALL
  SELECT (extract(epoch FROM lower(known)) * 1000)::bigint,
         (extract(epoch FROM upper(known)) * 1000)::bigint,
         NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM coverage, unnest(ranges) AS known
   WHERE market = $1 AND timeframe = $2
   ORDER BY from_ms DESC`;

/** One row of the read statement: a candle, or a covered range. */
export type ReadRow = CandleRow | RangeRow;

interface CandleRow {
  readonly from_ms: number;
  readonly until_ms: null;
  readonly last_tick_ms: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly turnover: string;
  readonly previous_close: string | null;
  readonly change: string | null;
  readonly change_rate: string | null;
}

interface RangeRow {
  readonly from_ms: number;
  readonly until_ms: number;
}

/** What one snapshot of the store knows: `rows` newest first, and the coverage of the whole series. */
export interface KnownCandles {
  readonly rows: readonly Candle[];
  readonly coverage: Coverage;
}

/**
 * The statement that reads a series' newest `limit` rows before an instant, prepared once per connection. Throws
 * {@link InvalidValue} for a limit that counts nothing.
 */
export function readStatement(series: Series, query: { beforeMs: number; limit: number }) {
  const { market, timeframe } = series;
  if (!Number.isSafeInteger(query.limit) || query.limit < 0) {
    throw new InvalidValue(
      `cannot read ${query.limit} candles of ${seriesName(series)}: pass a whole number from 0`,
    );
  }
  const values = [market, timeframe.code, timestamptz(query.beforeMs), query.limit];
  return { name: 'candle-store read', text: TEXT, values };
}

/** Parts the statement's rows into candles and coverage. */
export function knownCandles(found: readonly ReadRow[]): KnownCandles {
  const rows: Candle[] = [];
  const ranges: TimeRange[] = [];
  for (const row of found) {
    if (row.until_ms === null) rows.push(candleOf(row));
    else ranges.push({ fromMs: row.from_ms, untilMs: row.until_ms });
  }
  return { rows, coverage: Coverage.of(ranges) };
}

function candleOf(row: CandleRow): Candle {
  const { from_ms: openMs, last_tick_ms: timestampMs, open, high, low, close } = row;
  const { volume, turnover, previous_close: previousClose, change, change_rate: changeRate } = row;
  const candle = { openMs, timestampMs, open, high, low, close, volume, turnover };
  if (previousClose === null || change === null || changeRate === null) return candle;
  return { ...candle, daily: { previousClose, change, changeRate } };
}
