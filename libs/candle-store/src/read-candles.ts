import {
  type Candle,
  Coverage,
  InvalidValue,
  type MarketCode,
  type Series,
  seriesName,
} from '@candlekeep/market';
import { CANDLE_COLUMNS, candleOf, type CandleRow } from './candle-row';
import { coverageOf, type EpochRanges } from './series-rows';
import { epochRangesOf, timestamptz } from './timestamptz';

/**
 * The series' row in `coverage` and its newest candles in one result, because two statements would see two snapshots: a page
 * saved between them would be covered without its rows. Candles have no revision.
 */
const TEXT = `
  SELECT revision, ${epochRangesOf('ranges')} AS ranges,
         NULL::bigint AS open_ms, NULL::bigint AS last_tick_ms, NULL::numeric AS open,
         NULL::numeric AS high, NULL::numeric AS low, NULL::numeric AS close,
         NULL::numeric AS volume, NULL::numeric AS turnover, NULL::numeric AS previous_close,
         NULL::numeric AS change, NULL::numeric AS change_rate
    FROM coverage WHERE market = $1 AND timeframe = $2
  UNION ALL
  (SELECT NULL, NULL, ${CANDLE_COLUMNS}
     FROM candles
    WHERE market = $1 AND timeframe = $2 AND open_time < $3 AND open_time >= $4
    ORDER BY candles.open_time DESC LIMIT $5)`;

const COVERAGES = `
  SELECT timeframe, revision, ${epochRangesOf('ranges')} AS ranges
    FROM coverage WHERE market = $1`;

/** One row of the read statement: the series' own, or a candle. */
export type ReadRow = KnownRow | (CandleRow & { readonly revision: null });

/** What one row of `coverage` says. */
interface KnownRow {
  readonly revision: number;
  readonly ranges: EpochRanges;
}

/** One row of the coverages statement. */
export interface CoverageRow extends KnownRow {
  readonly timeframe: string;
}

/** What is asked of a series: the newest `limit` rows that open before `beforeMs` and not before `fromMs` (default 0). */
export interface ReadQuery {
  readonly beforeMs: number;
  readonly limit: number;
  readonly fromMs?: number;
}

/** What one snapshot of the store knows: `rows` newest first, the whole series' coverage, and its revision (0: never written). */
export interface StoredCandles {
  readonly rows: readonly Candle[];
  readonly coverage: Coverage;
  readonly revision: number;
}

/** What is covered of one series, and its revision. */
export interface StoredCoverage {
  readonly coverage: Coverage;
  readonly revision: number;
}

/**
 * The statement that reads a series' newest rows, prepared once per connection. Throws {@link InvalidValue} for a limit that
 * counts nothing.
 */
export function readStatement(series: Series, { beforeMs, limit, fromMs = 0 }: ReadQuery) {
  const { market, timeframe } = series;
  if (!Number.isSafeInteger(limit) || limit < 0) {
    throw new InvalidValue(
      `cannot read ${limit} candles of ${seriesName(series)}: pass a whole number from 0`,
    );
  }
  const values = [market, timeframe.code, timestamptz(beforeMs), timestamptz(fromMs), limit];
  return { name: 'candle-store read', text: TEXT, values };
}

/** Parts the statement's rows into candles and knowledge. */
export function storedCandles(found: readonly ReadRow[]): StoredCandles {
  const rows: Candle[] = [];
  let known: KnownRow | undefined;
  for (const row of found) {
    if (row.revision === null) rows.push(candleOf(row));
    else known = row;
  }
  // The statement appends an ordered part, which SQL does not promise to keep in order.
  rows.sort((a, b) => b.openMs - a.openMs);
  if (known === undefined) return { rows, coverage: Coverage.EMPTY, revision: 0 };
  return { rows, coverage: coverageOf(known.ranges), revision: known.revision };
}

/** The statement that reads the coverage of each series of a market, and its revision. */
export function coveragesStatement(market: MarketCode) {
  return { name: 'candle-store coverages', text: COVERAGES, values: [market] };
}

/** The statement's rows by timeframe code. */
export function storedCoverages(
  found: readonly CoverageRow[],
): ReadonlyMap<string, StoredCoverage> {
  return new Map(
    found.map(({ timeframe, revision, ranges }) => [
      timeframe,
      { coverage: coverageOf(ranges), revision },
    ]),
  );
}
