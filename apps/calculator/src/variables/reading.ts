import {
  candleNeed,
  type CandleNeed,
  completePeriods,
  titleOf,
  type Variable,
  VARIABLES,
} from '@candlekeep/variables';
import type { Bar } from './bar';
import { COMPUTATIONS, type Values } from './compute';

/** A variable that was looked at. */
export interface Reading {
  readonly variable: Variable;
  /** `RSI 14`. */
  readonly title: string;
  /** Undefined where the candles are too few for a value: nothing is put in its place. */
  readonly values: Values | undefined;
  /** How many candles there were to look at. */
  readonly candles: number;
  readonly need: CandleNeed;
}

/** What is computed: every variable with its usual periods, and of price changes that over five minutes. */
export const SHOWN: readonly Variable[] = VARIABLES.filter(
  (name) => !name.startsWith('price_change_') || name === 'price_change_5m',
);

/** Computes a variable with its usual periods of the newest bars that it needs; `bars` are oldest first. */
export function readVariable(variable: Variable, bars: readonly Bar[]): Reading {
  const periods = completePeriods(variable, {});
  const need = candleNeed(variable);
  const looked = bars.slice(-need.settled);
  const isEnough = looked.length >= need.minimum;
  return {
    ...{ variable, title: titleOf({ variable, periods }), candles: looked.length, need },
    values: isEnough ? COMPUTATIONS[variable](looked, (name) => periods[name] ?? NaN) : undefined,
  };
}
