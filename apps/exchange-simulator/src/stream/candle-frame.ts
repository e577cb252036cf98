import { isoSeconds, type Candle, type Timeframe } from '@candlekeep/market';
import { Frame, quoted, type StreamType } from './frame';

const KST_AHEAD_MS = 9 * 3_600_000;

/** Writes a candle as its stream does: volume before turnover, unlike the REST rows, and no unit. */
export function candleFrame(
  { code, timeframe }: { code: string; timeframe: Timeframe },
  candle: Candle,
  streamType: StreamType,
): Frame {
  return new Frame([
    ['type', 'ty', quoted(`candle.${timeframe.code}`)],
    ['code', 'cd', quoted(code)],
    ['candle_date_time_utc', 'cdttmu', quoted(isoSeconds(candle.openMs))],
    ['candle_date_time_kst', 'cdttmk', quoted(isoSeconds(candle.openMs + KST_AHEAD_MS))],
    ['opening_price', 'op', candle.open],
    ['high_price', 'hp', candle.high],
    ['low_price', 'lp', candle.low],
    ['trade_price', 'tp', candle.close],
    ['candle_acc_trade_volume', 'catv', candle.volume],
    ['candle_acc_trade_price', 'catp', candle.turnover],
    ['timestamp', 'tms', String(candle.timestampMs)],
    ['stream_type', 'st', quoted(streamType)],
  ]);
}
