import type { MarketCode, Series, Timeframe } from '@candlekeep/market';
import {
  completePeriods,
  PERIOD_NAMES,
  type PeriodName,
  type Periods,
  VARIABLE_RULES,
} from '@candlekeep/variables';
import type { z } from 'zod';
import type { Condition, PeriodWish, Rule, Strategy, VariableUse } from '../strategy';
import { POSITION_FOLLOW } from './field-schemas';
import { FLAT_FIELDS } from './flat-fields';
import type { GivenCondition, GivenRule } from './rule-schemas';
import type { flatFormSchema, rulesFormSchema } from './strategy-schema';
import type { GivenUse } from './variable-schemas';

/** A strategy whose document need not say its name. */
export type NamelessStrategy = Omit<Strategy, 'id'> & { readonly id: string | undefined };

interface GivenHead {
  readonly strategyId?: string | undefined;
  readonly positionId?: string | undefined;
  readonly market?: MarketCode | undefined;
  readonly symbol?: MarketCode | undefined;
  readonly timeframe: Timeframe;
}

/** From the form with rules, checked. */
export function ruleStrategy(given: z.output<typeof rulesFormSchema>): NamelessStrategy {
  const series = seriesOf(given);
  const { entry, management } = given;
  const rules = [
    ...(entry === undefined ? [] : [ruleOf(entry, 'entry', series)]),
    ...management.map((rule, i) => ruleOf(rule, `management[${i}]`, series)),
  ];
  return { ...headOf(given), ...series, rules, periods: [] };
}

/** From the flat form, checked. */
export function flatStrategy(given: z.output<typeof flatFormSchema>): NamelessStrategy {
  const members: Readonly<Record<string, unknown>> = { ...given };
  const periods = FLAT_FIELDS.flatMap(({ name, variable }): readonly PeriodWish[] => {
    const candles = members[name];
    return typeof candles === 'number' ? [{ field: name, variable, candles }] : [];
  });
  return { ...headOf(given), ...seriesOf(given), rules: [], periods };
}

function headOf({ strategyId, positionId }: GivenHead) {
  return { id: strategyId, ...(positionId === undefined ? {} : { positionId }) };
}

function seriesOf({ market, symbol, timeframe }: GivenHead): Series {
  const given = market ?? symbol;
  if (given === undefined) throw new TypeError('a strategy without a market was not refused');
  return { market: given, timeframe };
}

function ruleOf(given: GivenRule, where: string, series: Series): Rule {
  const { type, priority, enabled: isEnabled } = given;
  const conditions = given.conditions.map((condition) => conditionOf(condition, series));
  return { where, type, priority, isEnabled, conditions };
}

function conditionOf(given: GivenCondition, series: Series): Condition {
  const { operator, value, external } = given;
  return {
    ...useOf(given, series),
    operator,
    ...(value === undefined ? {} : { value }),
    ...(external === undefined ? {} : { external: useOf(external, series) }),
  };
}

/** `around` is what it reads unless it says otherwise. */
function useOf({ variable, params = {} }: GivenUse, around: Series): VariableUse {
  const { timeframe, source } = params;
  const own = timeframe === POSITION_FOLLOW ? undefined : timeframe;
  const series = {
    market: params.market ?? around.market,
    timeframe: VARIABLE_RULES[variable].timeframe ?? own ?? around.timeframe,
  };
  return {
    ...{ variable, periods: completePeriods(variable, periodsIn(params)), series },
    ...(source === undefined ? {} : { source: useOf(source, series) }),
  };
}

function periodsIn(params: Readonly<Partial<Record<PeriodName, number | undefined>>>): Periods {
  const given = PERIOD_NAMES.flatMap((name) => {
    const candles = params[name];
    return candles === undefined ? [] : [[name, candles] as const];
  });
  return Object.fromEntries(given);
}
