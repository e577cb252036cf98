import { type Candle, decimalText, RATE_DIGITS } from '@candlekeep/market';
import type { CandlePage } from './candle-page';
import { timestamptz } from './timestamptz';

/**
 * Adds a range to what is known of a series. Runs first in the transaction: it locks the series' row even where it
 * changes nothing, so that two pages of one series are never written at once and cannot deadlock over their rows.
 */
const COVER = `
  INSERT INTO coverage AS known (market, timeframe, ranges)
  VALUES ($1, $2, tstzmultirange(tstzrange($3, $4)))
  ON CONFLICT (market, timeframe) DO UPDATE
     SET ranges = known.ranges + excluded.ranges
   WHERE NOT known.ranges @> excluded.ranges`;

/** Writes a page; a row that is already there is touched only if something differs, and then the newer read wins. */
const UPSERT = `
  INSERT INTO candles AS known
         (market, timeframe, open_time, last_tick_ms, open, high, low, close, volume, turnover,
          previous_close, change, change_rate)
  SELECT $1, $2, page.*
    FROM unnest($3::timestamptz[], $4::bigint[], $5::numeric[], $6::numeric[], $7::numeric[],
                $8::numeric[], $9::numeric[], $10::numeric[], $11::numeric[], $12::numeric[],
                $13::numeric[]) AS page
  ON CONFLICT (market, timeframe, open_time) DO UPDATE
     SET last_tick_ms = excluded.last_tick_ms,
         open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
         volume = excluded.volume, turnover = excluded.turnover,
         previous_close = excluded.previous_close, change = excluded.change,
         change_rate = excluded.change_rate, provenance = excluded.provenance,
         read_at = excluded.read_at, corrections = known.corrections + 1
   WHERE (known.last_tick_ms, known.open, known.high, known.low, known.close, known.volume,
          known.turnover, known.previous_close, known.change, known.change_rate)
         IS DISTINCT FROM
         (excluded.last_tick_ms, excluded.open, excluded.high, excluded.low, excluded.close,
          excluded.volume, excluded.turnover, excluded.previous_close, excluded.change,
          excluded.change_rate)
  RETURNING corrections`;

/** What a save changed; rows that were already stored with the same text count in neither. */
export interface SavedPage {
  readonly inserted: number;
  /** Final rows that were stored with other text before. */
  readonly corrected: number;
}

/** The statement that covers the page's range, prepared once per connection. */
export function coverStatement({ series, covered }: CandlePage) {
  const { market, timeframe } = series;
  const bounds = [timestamptz(covered.fromMs), timestamptz(covered.untilMs)];
  return { name: 'candle-store cover', text: COVER, values: [market, timeframe.code, ...bounds] };
}

/** The statement that writes the page's rows. Throws `InvalidValue` for an amount that a column would round. */
export function upsertStatement({ series, rows }: CandlePage) {
  const amounts = (pick: (row: Candle) => string): string[] =>
    rows.map((row) => decimalText(pick(row)));
  const values = [
    series.market,
    series.timeframe.code,
    rows.map(({ openMs }) => timestamptz(openMs)),
    rows.map(({ timestampMs }) => timestampMs),
    amounts(({ open }) => open),
    amounts(({ high }) => high),
    amounts(({ low }) => low),
    amounts(({ close }) => close),
    amounts(({ volume }) => volume),
    amounts(({ turnover }) => turnover),
    rows.map(({ daily }) => daily && decimalText(daily.previousClose)),
    rows.map(({ daily }) => daily && decimalText(daily.change)),
    rows.map(({ daily }) => daily && decimalText(daily.changeRate, RATE_DIGITS)),
  ];
  return { name: 'candle-store upsert', text: UPSERT, values };
}

/** Counts the upsert's result: a row that was never corrected is new. */
export function savedPage(written: readonly { readonly corrections: number }[]): SavedPage {
  const inserted = written.filter(({ corrections }) => corrections === 0).length;
  return { inserted, corrected: written.length - inserted };
}
