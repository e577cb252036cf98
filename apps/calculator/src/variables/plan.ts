import { type MarketCode, type Series, Timeframe } from '@candlekeep/market';
import { candleNeed, type Variable, VARIABLE_RULES } from '@candlekeep/variables';
import { SHOWN } from './reading';

/** Whose variables are computed, and of which candles. */
export interface Subject {
  readonly market: MarketCode;
  readonly timeframe: Timeframe;
  /** Indicators of closed candles alone; else the forming one is taken in. */
  readonly isClosedOnly: boolean;
}

/** What is asked of one series. */
export interface SeriesPlan {
  readonly series: Series;
  readonly variables: readonly Variable[];
  /** The newest candles, so many that every variable settles; one more where the forming one is left out. */
  readonly count: number;
}

/** Of each timeframe that a variable reads one question, as large as its hungriest variable wants. */
export function planOf({ market, timeframe, isClosedOnly }: Subject): readonly SeriesPlan[] {
  const timeframeOf = (variable: Variable): Timeframe =>
    VARIABLE_RULES[variable].timeframe ?? timeframe;
  return Timeframe.ALL.flatMap((one): SeriesPlan[] => {
    const variables = SHOWN.filter((variable) => timeframeOf(variable) === one);
    if (variables.length === 0) return [];
    const settled = Math.max(...variables.map((variable) => candleNeed(variable).settled));
    const count = settled + (isClosedOnly ? 1 : 0);
    return [{ series: { market, timeframe: one }, variables, count }];
  });
}
