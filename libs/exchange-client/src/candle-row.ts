import {
  AMOUNT_DIGITS,
  type Candle,
  type DailyChange,
  isoSeconds,
  parseIsoSeconds,
  RATE_DIGITS,
  type Series,
} from '@candlekeep/market';
import { z } from 'zod';
import { type CandleHead, fault, findHeadFault, type RowFault } from './candle-rules';
import { exactDecimal, firstIssue, orIssue, wholeNumber } from './exact-json';

export type RowOutcome =
  | { readonly kind: 'candle'; readonly candle: Candle }
  | { readonly kind: 'fault'; readonly fault: RowFault };

/**
 * Reads one row of a candle answer. Fields that the exchange may add one day are left aside; what is read has to obey
 * every rule that its candles are known to obey.
 */
export function readCandleRow(row: unknown, series: Series): RowOutcome {
  const head = headSchema.safeParse(row);
  if (!head.success) return faultOf(head.error);
  const problem = findHeadFault(head.data, series) ?? findTailFault(row, head.data, series);
  if (problem !== undefined) return { kind: 'fault', fault: problem };
  const daily = series.timeframe.kind === 'day' ? dailySchema.safeParse(row) : undefined;
  if (daily?.success === false) return faultOf(daily.error);
  return { kind: 'candle', candle: candleOf(head.data, daily?.data) };
}

const amount = exactDecimal(AMOUNT_DIGITS);
const instant = z
  .string()
  .transform((text, context) => orIssue(() => parseIsoSeconds(text), context));

/** What every candle says of itself, on REST and in the stream alike. */
export const candleFields = {
  candle_date_time_utc: instant,
  candle_date_time_kst: instant,
  opening_price: amount,
  high_price: amount,
  low_price: amount,
  trade_price: amount,
  timestamp: wholeNumber,
  candle_acc_trade_price: amount,
  candle_acc_trade_volume: amount,
};

const headSchema = z.object({ market: z.string(), ...candleFields });

const dailySchema = z
  .object({
    prev_closing_price: amount,
    change_price: amount,
    change_rate: exactDecimal(RATE_DIGITS),
  })
  .transform((row): DailyChange => ({
    previousClose: row.prev_closing_price,
    change: row.change_price,
    changeRate: row.change_rate,
  }));

const minuteTail = z.object({ unit: wholeNumber });
const periodTail = z.object({ first_day_of_period: z.string() });

/** The fields that only some timeframes have say again which candle this is. */
function findTailFault(
  row: unknown,
  head: CandleHead,
  { timeframe }: Series,
): RowFault | undefined {
  switch (timeframe.kind) {
    case 'minute': {
      const unit = minuteTail.safeParse(row).data?.unit;
      return unit === timeframe.unit ? undefined : fault('unit', `is not ${timeframe.unit}`);
    }
    case 'week':
    case 'month':
    case 'year': {
      const day = periodTail.safeParse(row).data?.first_day_of_period;
      const openDay = isoSeconds(head.candle_date_time_utc).slice(0, 10);
      return day === openDay ? undefined : fault('first_day_of_period', `is not ${openDay}`);
    }
    default:
      return undefined;
  }
}

function candleOf(row: CandleHead, daily: DailyChange | undefined): Candle {
  const candle: Candle = {
    openMs: row.candle_date_time_utc,
    open: row.opening_price,
    high: row.high_price,
    low: row.low_price,
    close: row.trade_price,
    timestampMs: row.timestamp,
    turnover: row.candle_acc_trade_price,
    volume: row.candle_acc_trade_volume,
  };
  return daily === undefined ? candle : { ...candle, daily };
}

function faultOf(error: z.ZodError): RowOutcome {
  const { field, problem } = firstIssue(error);
  return { kind: 'fault', fault: fault(field === '' ? 'the row' : field, problem) };
}
