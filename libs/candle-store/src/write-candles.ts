import type { Candle, Coverage, Provenance, Series, TimeRange } from '@candlekeep/market';
import type { CandlePage } from './candle-page';
import { CANDLE_COLUMNS, candleOf, type CandleRow } from './candle-row';
import type { PageMerge, StoredCandle } from './merge-page';
import { epochMsOf, timestamptz } from './timestamptz';

const STORED = `
  SELECT provenance, ${epochMsOf('read_at')} AS read_ms, ${CANDLE_COLUMNS}
    FROM candles
   WHERE market = $1 AND timeframe = $2 AND open_time >= $3 AND open_time < $4`;

/** Each stretch is a backward scan of the primary key, and none goes further than all may. */
const LACKED = `
  SELECT ${epochMsOf('open_time')} AS open_ms
    FROM unnest($3::timestamptz[], $4::timestamptz[]) AS doubt (opens_from, opens_until)
   CROSS JOIN LATERAL (
         SELECT open_time FROM candles
          WHERE market = $1 AND timeframe = $2 AND open_time >= opens_from AND open_time < opens_until
          ORDER BY open_time DESC LIMIT $5) AS held
   ORDER BY open_time DESC LIMIT $5`;

/** Every row of the list differs from what is stored, so all are written. */
const WRITE = `
  INSERT INTO candles AS known
         (market, timeframe, provenance, read_at, open_time, last_tick_ms, open, high, low, close,
          volume, turnover, previous_close, change, change_rate, corrections)
  SELECT $1, $2, $3, $4, page.*
    FROM unnest($5::timestamptz[], $6::bigint[], $7::numeric[], $8::numeric[], $9::numeric[],
                $10::numeric[], $11::numeric[], $12::numeric[], $13::numeric[], $14::numeric[],
                $15::numeric[], $16::integer[]) AS page
  ON CONFLICT (market, timeframe, open_time) DO UPDATE
     SET provenance = excluded.provenance, read_at = excluded.read_at,
         last_tick_ms = excluded.last_tick_ms,
         open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
         volume = excluded.volume, turnover = excluded.turnover,
         previous_close = excluded.previous_close, change = excluded.change,
         change_rate = excluded.change_rate,
         corrections = known.corrections + excluded.corrections`;

const REMOVE = `
  DELETE FROM candles
   USING unnest($3::timestamptz[], $4::timestamptz[]) AS gone (opens_from, opens_until)
   WHERE market = $1 AND timeframe = $2 AND open_time >= opens_from AND open_time < opens_until`;

/** A row with how it came to be known. */
export type StoredRow = CandleRow & { readonly provenance: Provenance; readonly read_ms: number };

/** Rows in doubt that a page may lack one by one. */
export const MOST_LACKED = 10_000;

/** The statement that reads what is stored where the rows of a page lie. */
export function storedStatement({ series }: CandlePage, range: TimeRange) {
  const { market, timeframe } = series;
  const bounds = [timestamptz(range.fromMs), timestamptz(range.untilMs)];
  return { name: 'candle-store stored', text: STORED, values: [market, timeframe.code, ...bounds] };
}

export function storedCandle(row: StoredRow): StoredCandle {
  return { candle: candleOf(row), provenance: row.provenance, readAtMs: row.read_ms };
}

/** The statement that writes what a merge decided to write of a page. */
export function writeStatement(
  { series, provenance, readAtMs }: CandlePage,
  { writes, corrections }: Extract<PageMerge, { kind: 'merged' }>,
) {
  const corrected = new Set(corrections.map(({ openMs }) => openMs));
  const column = <Value>(pick: (row: Candle) => Value): Value[] => writes.map(pick);
  const values = [
    series.market,
    series.timeframe.code,
    provenance,
    timestamptz(readAtMs),
    column(({ openMs }) => timestamptz(openMs)),
    column(({ timestampMs }) => timestampMs),
    column(({ open }) => open),
    column(({ high }) => high),
    column(({ low }) => low),
    column(({ close }) => close),
    column(({ volume }) => volume),
    column(({ turnover }) => turnover),
    column(({ daily }) => daily?.previousClose),
    column(({ daily }) => daily?.change),
    column(({ daily }) => daily?.changeRate),
    column(({ openMs }) => (corrected.has(openMs) ? 1 : 0)),
  ];
  return { name: 'candle-store write', text: WRITE, values };
}

/** The statement that reads the newest {@link MOST_LACKED} opens of stored rows in `doubt`, newest first. */
export function lackedStatement({ market, timeframe }: Series, { ranges }: Coverage) {
  const froms = ranges.map(({ fromMs }) => timestamptz(fromMs));
  const untils = ranges.map(({ untilMs }) => timestamptz(untilMs));
  const values = [market, timeframe.code, froms, untils, MOST_LACKED];
  return { name: 'candle-store lacked', text: LACKED, values };
}

/** The statement that takes all rows of a series in `gone` away. */
export function removeStatement({ market, timeframe }: Series, { ranges }: Coverage) {
  const froms = ranges.map(({ fromMs }) => timestamptz(fromMs));
  const untils = ranges.map(({ untilMs }) => timestamptz(untilMs));
  return {
    name: 'candle-store remove',
    text: REMOVE,
    values: [market, timeframe.code, froms, untils],
  };
}
