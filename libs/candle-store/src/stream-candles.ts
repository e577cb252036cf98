import type { Candle, Series, TimeRange } from '@candlekeep/market';
import type { Pool } from '@candlekeep/postgres';
import { CANDLE_COLUMNS, candleOf, type CandleRow } from './candle-row';
import { timestamptz } from './timestamptz';

/** Rows a portion: about 2 MB as candles, some ten ms of one connection. */
const PORTION_ROWS = 5_000;

const TEXT = `
  SELECT ${CANDLE_COLUMNS}
    FROM candles
   WHERE market = $1 AND timeframe = $2 AND open_time >= $3 AND open_time < $4
   ORDER BY candles.open_time LIMIT ${PORTION_ROWS}`;

/**
 * All rows of a range, oldest first, one statement a portion, each from where the last one ended. No connection or
 * transaction is held between portions: a reader may take its time, and may see a correction that arrives meanwhile.
 */
export async function* streamCandles(
  pool: Pool,
  { market, timeframe }: Series,
  range: TimeRange,
): AsyncGenerator<readonly Candle[], void, void> {
  for (let fromMs = range.fromMs; fromMs < range.untilMs;) {
    const values = [market, timeframe.code, timestamptz(fromMs), timestamptz(range.untilMs)];
    const statement = { name: 'candle-store stream', text: TEXT, values };
    const { rows } = await pool.query<CandleRow>(statement);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map(candleOf);
    if (rows.length < PORTION_ROWS) return;
    fromMs = last.open_ms + 1;
  }
}
