import { scaledOf, type Series } from '@candlekeep/market';

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

const KST_AHEAD_MS = 9 * 3_600_000;

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

/** A candle exists only because something was traded, at prices between its lowest and its highest. */
function findAmountFault(row: CandleHead): RowFault | undefined {
  const low = scaledOf(row.low_price);
  const high = scaledOf(row.high_price);
  for (const field of ['opening_price', 'trade_price'] as const) {
    const price = scaledOf(row[field]);
    if (price < low || price > high) return fault(field, 'is outside low_price to high_price');
  }
  if (low < 0n) return fault('low_price', 'is negative');
  if (scaledOf(row.candle_acc_trade_price) < 0n) {
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
