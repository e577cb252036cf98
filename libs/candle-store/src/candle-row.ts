import type { Candle } from '@candlekeep/market';
import { epochMsOf } from './timestamptz';

/** A candle as the statements return it. */
export interface CandleRow {
  readonly open_ms: number;
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

/** The columns of a {@link CandleRow}. */
export const CANDLE_COLUMNS = `${epochMsOf('open_time')} AS open_ms, last_tick_ms, open, high, low, close,
         volume, turnover, previous_close, change, change_rate`;

export function candleOf(row: CandleRow): Candle {
  const { open_ms: openMs, last_tick_ms: timestampMs, open, high, low, close } = row;
  const { volume, turnover, previous_close: previousClose, change, change_rate: changeRate } = row;
  const candle = { openMs, timestampMs, open, high, low, close, volume, turnover };
  if (previousClose === null || change === null || changeRate === null) return candle;
  return { ...candle, daily: { previousClose, change, changeRate } };
}
