import type { Series } from '@candlekeep/market';
import { assertStartUpError, candleNeed, START_UP_ERROR, titleOf } from '@candlekeep/variables';
import type { Condition, Operator, Rule, Strategy, VariableUse } from '../strategy';
import { mergeNeeds, type NeedReason, type SeriesNeed } from './series-need';

/** Candles that are wanted beyond what was computed. */
export const NEED_MARGIN = 50;

/** They look at the candle before as well, on both sides. */
const LOOKS_BACK: Readonly<Partial<Record<Operator, string>>> = {
  crosses_above: 'since it crosses',
  crosses_below: 'since it crosses',
  rising: 'since it rises',
  falling: 'since it falls',
};

/**
 * What a strategy needs, per series, the margin included; disabled rules need nothing. `startUpError`, in (0, 1), is how much
 * of a value may come from candles that were not looked at; default 0.001. The flat form names its periods and means
 * just these: its need is the longest of them and the margin, whatever the start-up error. Throws `InvalidValue`.
 */
export function analyseStrategy(
  strategy: Strategy,
  { startUpError = START_UP_ERROR }: { readonly startUpError?: number } = {},
): readonly SeriesNeed[] {
  assertStartUpError(startUpError);
  const enabled = strategy.rules.filter(({ isEnabled }) => isEnabled);
  const ofRules = enabled.flatMap((rule) => ruleNeeds(rule, startUpError));
  return mergeNeeds([...ofRules, ...flatNeeds(strategy)]);
}

function ruleNeeds({ where, conditions }: Rule, startUpError: number): readonly SeriesNeed[] {
  return conditions.flatMap((condition, i) =>
    conditionNeeds(condition, `${where}.conditions[${i}]`, startUpError),
  );
}

function conditionNeeds(
  condition: Condition,
  where: string,
  startUpError: number,
): readonly SeriesNeed[] {
  const { operator, external } = condition;
  const lookBack = LOOKS_BACK[operator];
  const needOf = (use: VariableUse, place: string): SeriesNeed => {
    const { candles, because } = historyOf(use, startUpError);
    const reason = { where: place, variable: titleOf(use), candles, because };
    return needFor(use.series, lookBack === undefined ? reason : oneMore(reason, lookBack));
  };
  const sides = [needOf(condition, where)];
  return external === undefined ? sides : [...sides, needOf(external, `${where}.external`)];
}

/** Of a source's values as many are wanted as there would be candles: the oldest value needs its own history before it. */
function historyOf(use: VariableUse, startUpError: number): { candles: number; because: string } {
  const own = candleNeed(use.variable, use.periods, startUpError);
  if (use.source === undefined) return { candles: own.settled, because: own.because };
  const inner = historyOf(use.source, startUpError);
  const candles = own.settled - 1 + inner.candles;
  const values = `${own.settled} values of ${titleOf(use.source)}`;
  return {
    candles,
    because: `${own.because}; these are ${values}, the oldest of which takes ${inner.candles} candles (${inner.because}): ${candles} together`,
  };
}

function oneMore(reason: NeedReason, since: string): NeedReason {
  return { ...reason, candles: reason.candles + 1, because: `${reason.because}; +1 ${since}` };
}

function flatNeeds({ market, timeframe, periods }: Strategy): readonly SeriesNeed[] {
  return periods.map(({ field, variable, candles }) =>
    needFor(
      { market, timeframe },
      { where: field, variable, candles, because: `its period of ${candles} as it was given` },
    ),
  );
}

function needFor(series: Series, reason: NeedReason): SeriesNeed {
  return { series, candles: reason.candles + NEED_MARGIN, reasons: [reason] };
}
