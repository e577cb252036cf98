import { type Candle, decimalText, parseIsoSeconds } from '@candlekeep/market';
import { isLosslessNumber, parse } from 'lossless-json';
import { z } from 'zod';

/** A number as it is written, or a text. */
const field = z.union([
  z.string(),
  z.custom((value) => isLosslessNumber(value)).transform((value) => String(value)),
]);
const row = z.object({
  candle_date_time_utc: field,
  ...{ opening_price: field, high_price: field, low_price: field, trade_price: field },
  ...{ timestamp: field, candle_acc_trade_price: field, candle_acc_trade_volume: field },
  prev_closing_price: field.optional(),
  change_price: field.optional(),
  change_rate: field.optional(),
});

/** Reads a body of the exchange's candle endpoints without losing a digit, in its order. */
export function upbitCandles(body: string): Candle[] {
  return z.array(row).parse(parse(body)).map(candleOf);
}

function candleOf(given: z.infer<typeof row>): Candle {
  const candle = {
    openMs: parseIsoSeconds(given.candle_date_time_utc),
    open: decimalText(given.opening_price),
    high: decimalText(given.high_price),
    low: decimalText(given.low_price),
    close: decimalText(given.trade_price),
    timestampMs: Number(given.timestamp),
    turnover: decimalText(given.candle_acc_trade_price),
    volume: decimalText(given.candle_acc_trade_volume),
  };
  const { prev_closing_price, change_price, change_rate } = given;
  if (prev_closing_price === undefined) return candle;
  const daily = {
    previousClose: decimalText(prev_closing_price),
    change: decimalText(change_price ?? ''),
    changeRate: decimalText(change_rate ?? '', 10),
  };
  return { ...candle, daily };
}
