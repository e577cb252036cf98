import { isDeepStrictEqual } from 'node:util';
import { type Candle, isoSeconds, scaledOf, type Series } from '@candlekeep/market';

/** The fields that every candle row has, by the exchange's names: instants in epoch ms, amounts as 8-digit text. */
export interface CandleHead {
  readonly market: string;
  readonly candle_date_time_utc: number;
  readonly candle_date_time_kst: number;
  readonly opening_price: string;
  readonly high_price: string;
  readonly low_price: string;
  readonly trade_price: string;
  readonly timestamp: number;
  readonly candle_acc_trade_price: string;
  readonly candle_acc_trade_volume: string;
}

/** What is wrong with a row: the exchange's field name, and a predicate that reads on from it. */
export interface RowFault {
  readonly field: string;
  readonly problem: string;
}

/** Where a page may lie. */
export interface PageBounds {
  /** The asked end, exclusive, epoch ms; Infinity for none. */
  readonly untilMs: number;
  /** The exchange's `Date` of the answer, epoch ms, a whole second rounded down. */
  readonly answeredMs: number;
}

const KST_AHEAD_MS = 9 * 3_600_000;
/**
 * How far an open may lie after the answer's `Date`. Opens are whole seconds, so rounding `Date` down hides none; what
 * is left is the second by which the exchange's own parts were seen to differ.
 */
const SKEW_MS = 1_000;

/** The first rule that a readable row breaks, if any: whose candle it is, where it opens, what it says of its prices. */
export function findHeadFault(
  row: CandleHead,
  { market, timeframe }: Series,
): RowFault | undefined {
  if (row.market !== market) return fault('market', `is ${row.market}, not ${market}`);
  const openMs = row.candle_date_time_utc;
  if (timeframe.floor(openMs) !== openMs) {
    return fault('candle_date_time_utc', `is not where a ${timeframe.code} candle opens`);
  }
  if (row.candle_date_time_kst !== openMs + KST_AHEAD_MS) {
    return fault('candle_date_time_kst', 'is not nine hours ahead of UTC');
  }
  return findAmountFault(row);
}

/** The first rule that a row's place breaks, if any: before the end, not in the future, older than the row `above` it. */
export function findPlaceFault(
  candle: Candle,
  above: Candle | undefined,
  { untilMs, answeredMs }: PageBounds,
): RowFault | undefined {
  const misplaced = (problem: string) => fault('candle_date_time_utc', problem);
  const { openMs } = candle;
  if (openMs >= untilMs) return misplaced(`is not before ${isoSeconds(untilMs)}, the asked end`);
  if (openMs > answeredMs + SKEW_MS) {
    return misplaced(`is in the future of the answer, whose Date is ${isoSeconds(answeredMs)}`);
  }
  if (above === undefined || openMs < above.openMs) return undefined;
  if (openMs > above.openMs) return misplaced('is after the row above it');
  const values = isDeepStrictEqual(candle, above) ? 'the same' : 'other';
  return misplaced(`is that of the row above it, with ${values} values`);
}

/** A candle exists only because something was traded, at prices between its lowest and its highest. */
function findAmountFault(row: CandleHead): RowFault | undefined {
  const low = scaledOf(row.low_price);
  const high = scaledOf(row.high_price);
  if (high < low) return fault('high_price', 'is below low_price');
  for (const field of ['opening_price', 'trade_price'] as const) {
    const price = scaledOf(row[field]);
    if (price < low || price > high) return fault(field, 'is outside low_price to high_price');
  }
  if (low < 0n) return fault('low_price', 'is negative');
  if (row.candle_acc_trade_price.startsWith('-')) {
    return fault('candle_acc_trade_price', 'is negative');
  }
  if (scaledOf(row.candle_acc_trade_volume) <= 0n) {
    return fault('candle_acc_trade_volume', 'is not above zero');
  }
  return undefined;
}

/** Names a fault. */
export function fault(field: string, problem: string): RowFault {
  return { field, problem };
}
