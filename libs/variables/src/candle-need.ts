import { InvalidValue } from '@candlekeep/market';
import type { CandleNeed, PeriodName, Periods } from './history-rules';
import { assertStartUpError, START_UP_ERROR } from './start-up';
import { periodsOf, type Variable, VARIABLE_RULES } from './variables';

/**
 * Candles that a variable needs. A number is its `period`; what is left out is as usual (RSI 14, MACD 12, 26, 9).
 * Throws {@link InvalidValue} for a period out of the variable's range, and for a start-up error that is not in (0, 1).
 */
export function candleNeed(
  variable: Variable,
  given: number | Periods = {},
  startUpError: number = START_UP_ERROR,
): CandleNeed {
  assertStartUpError(startUpError);
  const periods = completePeriods(variable, typeof given === 'number' ? { period: given } : given);
  const of = (name: PeriodName): number => periods[name] ?? 0;
  return VARIABLE_RULES[variable].history(of, startUpError);
}

/** All periods of the variable: as given, else as usual. Throws {@link InvalidValue} for one out of its range. */
export function completePeriods(variable: Variable, given: Periods): Periods {
  const complete = periodsOf(variable).map(
    ([name, { min, max, usual }]): readonly [PeriodName, number] => {
      const candles = given[name] ?? usual;
      if (Number.isInteger(candles) && candles >= min && candles <= max) return [name, candles];
      throw new InvalidValue(
        `${variable} of ${name} ${candles}: expected a whole number from ${min} to ${max}`,
      );
    },
  );
  return Object.fromEntries(complete);
}
