import {
  type Condition,
  type ListedStrategy,
  NEED_MARGIN,
  type Rule,
  type SeriesNeed,
  type StoredStrategy,
  type UnreadableStrategy,
  type VariableUse,
} from '@candlekeep/strategies';

/** A strategy in a list, whether this version takes it or not. */
export function listedBody(listed: ListedStrategy) {
  return 'unreadable' in listed ? unreadableBody(listed) : strategySummary(listed);
}

/** One whose document this version does not take: it is not known what it is of, but why. */
function unreadableBody({ id, unreadable, isActive, revision, ...instants }: UnreadableStrategy) {
  return {
    ...{ id, unreadable, isActive, revision },
    ...{ created: iso(instants.createdAtMs), updated: iso(instants.updatedAtMs) },
  };
}

/** A strategy as far as a list shows it; instants in ISO 8601, UTC. */
export function strategySummary({ strategy, isActive, revision, ...instants }: StoredStrategy) {
  const { id, positionId, market, timeframe } = strategy;
  return {
    ...{ id, market, timeframe: timeframe.code, isActive, revision },
    ...(positionId === undefined ? {} : { positionId }),
    created: iso(instants.createdAtMs),
    updated: iso(instants.updatedAtMs),
  };
}

/** The same with what was given and what was read out of it: one of `rules` and `periods` is empty. */
export function strategyBody(stored: StoredStrategy) {
  const { rules, periods } = stored.strategy;
  return {
    ...strategySummary(stored),
    rules: rules.map(ruleBody),
    periods,
    document: stored.document,
  };
}

/** What a strategy needs, each number with its reasons. */
export function needsBody(id: string, startUpError: number, needs: readonly SeriesNeed[]) {
  return {
    ...{ id, startUpError, margin: NEED_MARGIN },
    needs: needs.map(({ series, candles, reasons }) => ({
      ...{ market: series.market, timeframe: series.timeframe.code, candles, reasons },
    })),
  };
}

function ruleBody({ isEnabled, conditions, ...rule }: Rule) {
  return { ...rule, enabled: isEnabled, conditions: conditions.map(conditionBody) };
}

function conditionBody(condition: Condition) {
  const { operator, value, external } = condition;
  return {
    ...useBody(condition),
    operator,
    ...(value === undefined ? {} : { value }),
    ...(external === undefined ? {} : { external: useBody(external) }),
  };
}

interface UseBody {
  readonly variable: string;
  readonly periods: VariableUse['periods'];
  readonly market: string;
  readonly timeframe: string;
  readonly source?: UseBody;
}

function useBody({ variable, periods, series, source }: VariableUse): UseBody {
  return {
    ...{ variable, periods, market: series.market, timeframe: series.timeframe.code },
    ...(source === undefined ? {} : { source: useBody(source) }),
  };
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
