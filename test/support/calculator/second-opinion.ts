import { completePeriods, type Periods, type Variable } from '@candlekeep/variables';
import {
  ATR,
  BollingerBands,
  EMA,
  Highest,
  Lowest,
  MACD,
  ROC,
  RSI,
  SMA,
  Stochastic,
} from 'technicalindicators';

/** What indicators look at of a candle. */
export interface OpinionBar {
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** The newest value of a variable by another library than the calculator's; bars oldest first, periods as usual where not given. */
export function secondOpinion(
  variable: Variable,
  bars: readonly OpinionBar[],
  given: Periods = {},
): Readonly<Record<string, number>> {
  const periods = completePeriods(variable, given);
  const { period = NaN, fast = NaN, slow = NaN, signal = NaN, k = NaN, d = NaN } = periods;
  const high = bars.map((bar) => bar.high);
  const low = bars.map((bar) => bar.low);
  const close = bars.map((bar) => bar.close);
  const volume = bars.map((bar) => bar.volume);
  const one = (values: readonly number[]) => ({ value: values.at(-1) ?? NaN });
  switch (variable) {
    case 'RSI':
      return one(RSI.calculate({ period, values: close }));
    case 'SMA':
      return one(SMA.calculate({ period, values: close }));
    case 'EMA':
      return one(EMA.calculate({ period, values: close }));
    case 'MACD':
      return convergence(close, { fast, slow, signal });
    case 'STOCHASTIC': {
      const last = Stochastic.calculate({ high, low, close, period: k, signalPeriod: d }).at(-1);
      return { '%K': last?.k ?? NaN, '%D': last?.d ?? NaN };
    }
    case 'BOLLINGER_BAND': {
      const last = BollingerBands.calculate({ period, values: close, stdDev: 2 }).at(-1);
      return {
        ...{ lower: last?.lower ?? NaN, middle: last?.middle ?? NaN },
        upper: last?.upper ?? NaN,
      };
    }
    case 'ATR':
      return one(ATR.calculate({ high, low, close, period }));
    case 'VOLUME':
      return one(SMA.calculate({ period, values: volume }).map((mean) => mean * period));
    case 'VOLUME_SMA':
      return one(SMA.calculate({ period, values: volume }));
    case 'HIGH_PRICE':
      return one(Highest.calculate({ period, values: high }));
    case 'LOW_PRICE':
      return one(Lowest.calculate({ period, values: low }));
    case 'CURRENT_PRICE':
      return one(close);
    default:
      return one(ROC.calculate({ period: 1, values: close }).map((percent) => percent / 100));
  }
}

function convergence(
  values: number[],
  { fast, slow, signal }: Readonly<Record<'fast' | 'slow' | 'signal', number>>,
): Readonly<Record<string, number>> {
  const last = MACD.calculate({
    ...{ values, fastPeriod: fast, slowPeriod: slow, signalPeriod: signal },
    ...{ SimpleMAOscillator: false, SimpleMASignal: false },
  }).at(-1);
  return {
    ...{ macd: last?.MACD ?? NaN, signal: last?.signal ?? NaN },
    histogram: last?.histogram ?? NaN,
  };
}
