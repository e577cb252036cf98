import type { Candle } from '@candlekeep/market';
import { epochMsOf } from './timestamptz';

const NO_NUMBER = 'NaN';

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

/** Throws for a row that holds what is no number: Postgres' columns take `NaN`. */
export function candleOf(row: CandleRow): Candle {
  requireNumbers(row);
  const { open_ms: openMs, last_tick_ms: timestampMs, open, high, low, close } = row;
  const { volume, turnover, previous_close: previousClose, change, change_rate: changeRate } = row;
  const candle = { openMs, timestampMs, open, high, low, close, volume, turnover };
  if (previousClose === null || change === null || changeRate === null) return candle;
  return { ...candle, daily: { previousClose, change, changeRate } };
}

function requireNumbers(row: CandleRow): void {
  const { open, high, low, close, volume, turnover } = row;
  const { previous_close, change, change_rate } = row;
  const amounts = { open, high, low, close, volume, turnover, previous_close, change, change_rate };
  if (!Object.values(amounts).includes(NO_NUMBER)) return;
  const [column = ''] = Object.entries(amounts).find(([, amount]) => amount === NO_NUMBER) ?? [];
  throw new TypeError(
    `"${column}" of the row of ${new Date(row.open_ms).toISOString()} in the table candles is ${NO_NUMBER}; delete the row, and its slot from coverage`,
  );
}
