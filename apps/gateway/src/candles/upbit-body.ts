import {
  type Candle,
  isoSeconds,
  type MarketCode,
  type Series,
  type Timeframe,
} from '@candlekeep/market';

const KST_OFFSET_MS = 9 * 3_600_000;

/** Renders candles, newest first, in the exchange's bytes (all of them ASCII): compact JSON, its key order, its digits. */
export function upbitBody(
  series: Series,
  rows: readonly Candle[],
  withConvertedPrice: boolean,
): Buffer {
  const { market, timeframe } = series;
  const tail = tailOf(timeframe, withConvertedPrice);
  const objects = rows.map((row) => `{${head(market, row)}${tail(row)}}`);
  return Buffer.from(`[${objects.join(',')}]`, 'latin1');
}

function head(market: MarketCode, row: Candle): string {
  return (
    `"market":"${market}",` +
    `"candle_date_time_utc":"${isoSeconds(row.openMs)}",` +
    `"candle_date_time_kst":"${isoSeconds(row.openMs + KST_OFFSET_MS)}",` +
    `"opening_price":${row.open},"high_price":${row.high},` +
    `"low_price":${row.low},"trade_price":${row.close},` +
    `"timestamp":${row.timestampMs},` +
    `"candle_acc_trade_price":${row.turnover},"candle_acc_trade_volume":${row.volume}`
  );
}

/** What each kind of candle has behind the fields that all share. */
function tailOf({ kind, unit }: Timeframe, withConvertedPrice: boolean): (row: Candle) => string {
  switch (kind) {
    case 'second':
      return () => '';
    case 'minute':
      return () => `,"unit":${unit}`;
    case 'day':
      return (row) => dailyTail(row) + (withConvertedPrice ? ',"converted_trade_price":null' : '');
    case 'week':
    case 'month':
    case 'year':
      return ({ openMs }) => `,"first_day_of_period":"${isoSeconds(openMs).slice(0, 10)}"`;
  }
}

function dailyTail({ openMs, daily }: Candle): string {
  if (daily === undefined)
    throw new TypeError(`the day of ${isoSeconds(openMs)} has no previous close`);
  const { previousClose, change, changeRate } = daily;
  return `,"prev_closing_price":${previousClose},"change_price":${change},"change_rate":${changeRate}`;
}
