import { type Candle, isoSeconds, type Series } from '@candlekeep/market';
import { Frame } from './frame';

const KST_OFFSET_MS = 9 * 3_600_000;

/** A candle as the exchange streams it: volume before turnover, unlike its REST rows, and no unit. */
export function candleFrame({ market, timeframe }: Series, row: Candle): Frame {
  return new Frame(
    `{"type":"candle.${timeframe.code}","code":"${market}",` +
      `"candle_date_time_utc":"${isoSeconds(row.openMs)}",` +
      `"candle_date_time_kst":"${isoSeconds(row.openMs + KST_OFFSET_MS)}",` +
      `"opening_price":${row.open},"high_price":${row.high},` +
      `"low_price":${row.low},"trade_price":${row.close},` +
      `"candle_acc_trade_volume":${row.volume},"candle_acc_trade_price":${row.turnover},` +
      `"timestamp":${row.timestampMs},"stream_type":"REALTIME"}`,
    1,
  );
}
