import { Timeframe } from '@candlekeep/market';
import {
  change,
  convergence,
  exponential,
  type HistoryRule,
  newest,
  PERIOD_NAMES,
  type PeriodName,
  rangeOfCandles,
  wilder,
  window,
} from './history-rules';

/** Trading variables whose history needs are known. */
export const VARIABLES = [
  ...(['RSI', 'SMA', 'EMA', 'MACD', 'STOCHASTIC', 'BOLLINGER_BAND', 'ATR'] as const),
  ...(['VOLUME', 'VOLUME_SMA', 'HIGH_PRICE', 'LOW_PRICE', 'CURRENT_PRICE'] as const),
  ...(['price_change_1m', 'price_change_3m', 'price_change_5m', 'price_change_10m'] as const),
  ...(['price_change_15m', 'price_change_30m', 'price_change_60m', 'price_change_240m'] as const),
] as const;

export type Variable = (typeof VARIABLES)[number];

/** Candles that a parameter may name. */
export interface PeriodRange {
  readonly min: number;
  readonly max: number;
  /** Where the strategy does not say. */
  readonly usual: number;
}

export interface VariableRule {
  readonly periods: Readonly<Partial<Record<PeriodName, PeriodRange>>>;
  readonly history: HistoryRule;
  /** Whether it can be computed of another variable's values instead of closes. */
  readonly takesSource: boolean;
  /** Whether it is drawn with a number of standard deviations, which changes no need. */
  readonly takesDeviations: boolean;
  /** The timeframe that its name fixes. */
  readonly timeframe?: Timeframe;
}

export const VARIABLE_RULES: Readonly<Record<Variable, VariableRule>> = {
  RSI: { ...ofPeriod(2, 240, 14), history: wilder, takesSource: true },
  SMA: { ...ofPeriod(1, 240, 14), history: window, takesSource: true },
  EMA: { ...ofPeriod(1, 240, 12), history: exponential, takesSource: true },
  MACD: {
    ...of({ fast: range(1, 60, 12), slow: range(1, 60, 26), signal: range(1, 60, 9) }),
    ...{ history: convergence, takesSource: true },
  },
  STOCHASTIC: { ...of({ k: range(1, 240, 14), d: range(1, 60, 3) }), history: rangeOfCandles },
  BOLLINGER_BAND: {
    ...ofPeriod(2, 240, 20),
    ...{ history: window, takesSource: true, takesDeviations: true },
  },
  ATR: { ...ofPeriod(1, 240, 14), history: wilder },
  VOLUME: { ...ofPeriod(1, 1_000, 20), history: window },
  VOLUME_SMA: { ...ofPeriod(1, 1_000, 30), history: window },
  HIGH_PRICE: { ...ofPeriod(1, 1_000, 60), history: window },
  LOW_PRICE: { ...ofPeriod(1, 1_000, 60), history: window },
  CURRENT_PRICE: { ...of({}), history: newest },
  price_change_1m: changeOf('1m'),
  price_change_3m: changeOf('3m'),
  price_change_5m: changeOf('5m'),
  price_change_10m: changeOf('10m'),
  price_change_15m: changeOf('15m'),
  price_change_30m: changeOf('30m'),
  price_change_60m: changeOf('60m'),
  price_change_240m: changeOf('240m'),
};

export function isVariable(given: unknown): given is Variable {
  return VARIABLES.some((name) => name === given);
}

/** The parameters in candles of a variable, with their ranges. */
export function periodsOf(variable: Variable): readonly (readonly [PeriodName, PeriodRange])[] {
  const { periods } = VARIABLE_RULES[variable];
  return PERIOD_NAMES.flatMap((name) => {
    const found = periods[name];
    return found === undefined ? [] : [[name, found] as const];
  });
}

function ofPeriod(min: number, max: number, usual: number) {
  return of({ period: range(min, max, usual) });
}

function of(periods: VariableRule['periods']) {
  return { periods, takesSource: false, takesDeviations: false };
}

function range(min: number, max: number, usual: number): PeriodRange {
  return { min, max, usual };
}

function changeOf(code: string): VariableRule {
  return { ...of({}), history: change, timeframe: Timeframe.parse(code) };
}
