import type { PeriodName, Variable } from '@candlekeep/variables';
import {
  BollingerBands,
  EMA,
  MACD,
  Period,
  RSI,
  SMA,
  StochasticOscillator,
  TR,
  WSMA,
} from 'trading-signals';
import type { Bar } from './bar';

/** Values by their names, in the order in which people read them; one that has no name of its own is `value`. */
export type Values = Readonly<Record<string, number>>;

/** Oldest bar first, at least as many as the variable needs for a value; `of` gives a period's candles. */
type Computation = (bars: readonly Bar[], of: (name: PeriodName) => number) => Values;

/** How far Bollinger's bands lie from their middle, in standard deviations. */
const DEVIATIONS = 2;

/** How each variable is computed of bars. */
export const COMPUTATIONS: Readonly<Record<Variable, Computation>> = {
  RSI: (bars, of) => ({ value: lastOf(new RSI(of('period')), closesOf(bars)) }),
  SMA: (bars, of) => ({ value: meanOf(closesOf(bars), of('period')) }),
  EMA: (bars, of) => ({ value: lastOf(new EMA(of('period')), closesOf(bars)) }),
  MACD: macdOf,
  STOCHASTIC: stochasticOf,
  BOLLINGER_BAND: bandsOf,
  ATR: (bars, of) => ({ value: averageTrueRange(bars, of('period')) }),
  VOLUME: (bars, of) => ({ value: sumOf(volumesOf(bars).slice(-of('period'))) }),
  VOLUME_SMA: (bars, of) => ({ value: meanOf(volumesOf(bars), of('period')) }),
  HIGH_PRICE: (bars, of) => {
    const highs = bars.slice(-of('period')).map(({ high }) => high);
    return { value: lastOf(new Period(of('period')), highs).highest };
  },
  LOW_PRICE: (bars, of) => {
    const lows = bars.slice(-of('period')).map(({ low }) => low);
    return { value: lastOf(new Period(of('period')), lows).lowest };
  },
  CURRENT_PRICE: (bars) => ({ value: closesOf(bars).at(-1) ?? NaN }),
  price_change_1m: changeOf,
  price_change_3m: changeOf,
  price_change_5m: changeOf,
  price_change_10m: changeOf,
  price_change_15m: changeOf,
  price_change_30m: changeOf,
  price_change_60m: changeOf,
  price_change_240m: changeOf,
};

/** What an indicator of the library offers here. */
interface Indicator<Input, Result> {
  updates(inputs: readonly Input[]): unknown;
  getResultOrThrow(): Result;
}

function lastOf<Input, Result>(
  indicator: Indicator<Input, Result>,
  inputs: readonly Input[],
): Result {
  indicator.updates(inputs);
  return indicator.getResultOrThrow();
}

function macdOf(bars: readonly Bar[], of: (name: PeriodName) => number): Values {
  const indicator = new MACD(new EMA(of('fast')), new EMA(of('slow')), new EMA(of('signal')));
  const { macd, signal, histogram } = lastOf(indicator, closesOf(bars));
  return { macd, signal, histogram };
}

function stochasticOf(bars: readonly Bar[], of: (name: PeriodName) => number): Values {
  const [kPeriod, dPeriod] = [of('k'), of('d')];
  const indicator = new StochasticOscillator({ kPeriod, dPeriod, kSlowingPeriod: 1 });
  const { stochK, stochD } = lastOf(indicator, bars.slice(-(kPeriod + dPeriod - 1)));
  return { '%K': stochK, '%D': stochD };
}

function bandsOf(bars: readonly Bar[], of: (name: PeriodName) => number): Values {
  const closes = closesOf(bars).slice(-of('period'));
  const { lower, middle, upper } = lastOf(new BollingerBands(of('period'), DEVIATIONS), closes);
  return { lower, middle, upper };
}

/** The first bar has no close before it, so that its true range is unknown: it is left out, unlike in the library's own `ATR`. */
function averageTrueRange(bars: readonly Bar[], period: number): number {
  const ranges = new TR().updates(bars).slice(1);
  return lastOf(
    new WSMA(period),
    ranges.map((range) => range ?? NaN),
  );
}

/** As a share: -0.05 is five percent down. */
function changeOf(bars: readonly Bar[]): Values {
  const [before = NaN, now = NaN] = closesOf(bars.slice(-2));
  return { value: (now - before) / before };
}

function meanOf(values: readonly number[], period: number): number {
  return lastOf(new SMA(period), values.slice(-period));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function closesOf(bars: readonly Bar[]): number[] {
  return bars.map(({ close }) => close);
}

function volumesOf(bars: readonly Bar[]): number[] {
  return bars.map(({ volume }) => volume);
}
