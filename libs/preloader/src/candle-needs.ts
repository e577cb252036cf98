import { InvalidValue } from '@candlekeep/market';

/** Trading variables whose history needs are known. */
export const VARIABLES = [
  'RSI',
  'SMA',
  'EMA',
  'ATR',
  'BOLLINGER_BAND',
  'VOLUME',
  'VOLUME_SMA',
  'HIGH_PRICE',
  'LOW_PRICE',
] as const;

export type Variable = (typeof VARIABLES)[number];

/** How much history a variable wants, in candles. */
export interface CandleNeed {
  /** Enough for a value. */
  readonly minimum: number;
  /** Enough that what came before can change the value by at most 0.1 %. */
  readonly settled: number;
}

const MAX_PERIOD = 1_000;
const START_UP_ERROR = 0.001;

/**
 * Candles that a variable of the given period needs. Recursive averages forget their start by a constant factor a candle:
 * 1 - 1/n with Wilder's smoothing (RSI, ATR), 1 - 2/(n+1) with an EMA; the others look at n candles and no further.
 * Throws {@link InvalidValue} for a period that is no whole number from 1 to 1,000.
 */
export function candleNeed(variable: Variable, period: number): CandleNeed {
  if (!Number.isInteger(period) || period < 1 || period > MAX_PERIOD) {
    throw new InvalidValue(
      `${variable} of period ${period}: expected a whole number from 1 to ${MAX_PERIOD}`,
    );
  }
  switch (variable) {
    case 'RSI':
    case 'ATR':
      return atLeast(period + 1, period + candlesToForget(1 / period));
    case 'EMA':
      return atLeast(period, candlesToForget(2 / (period + 1)));
    case 'SMA':
    case 'BOLLINGER_BAND':
    case 'VOLUME':
    case 'VOLUME_SMA':
    case 'HIGH_PRICE':
    case 'LOW_PRICE':
      return { minimum: period, settled: period };
  }
}

function atLeast(minimum: number, settled: number): CandleNeed {
  return { minimum, settled: Math.max(minimum, settled) };
}

/** Candles until the weight of everything older is at most {@link START_UP_ERROR}; `weight` is the newest candle's. */
function candlesToForget(weight: number): number {
  return weight >= 1 ? 1 : Math.ceil(Math.log(START_UP_ERROR) / Math.log(1 - weight));
}
