import type { MarketCode } from '@candlekeep/market';

/** A strategy under its name, as users write it. */
export interface StrategyDocument {
  readonly id: string;
  readonly document: unknown;
}

/** The strategy of a position with seven rules, as its user writes it: four look at 15m, two at 5m, one at 1m. */
export function sevenRules(market: MarketCode): StrategyDocument {
  const id = `seven-rules-${market}`;
  const document = {
    ...{ strategyId: id, positionId: `position-${market}`, market },
    timeframe: '15m',
    entry: rule('rsi_oversold', [
      condition('RSI', { period: 14, timeframe: '15m' }, { operator: '<', value: 25 }),
      condition('SMA', { period: 20, timeframe: 'position_follow' }, { operator: 'rising' }),
    ]),
    management: [
      rule('trend', [
        condition('BOLLINGER_BAND', { period: 20 }, { operator: '<', value: 0 }),
        condition('HIGH_PRICE', { period: 60 }, { operator: '>', value: 0 }),
      ]),
      rule('flash_crash', [
        condition('price_change_5m', {}, { operator: '<', value: -0.05 }),
        condition('SMA', { period: 10, timeframe: '5m' }, { operator: '>', value: 0 }),
      ]),
      rule('trailing_stop', [
        condition('CURRENT_PRICE', { timeframe: '1m' }, { operator: '<', value: 0 }),
      ]),
    ],
  };
  return { id, document };
}

/** Four calculators of daily variables, in the flat form, its numbers as real configurations hold them. */
export function dailyVariables(market: MarketCode): StrategyDocument {
  const document = {
    ...{ symbol: market, timeframe: '1d' },
    ...{ ATR_period: '20', RSI_period: '14', HIGH_period: '60', VOLUME_period: '30' },
  };
  return { id: `daily-${market}`, document };
}

function rule(type: string, conditions: readonly unknown[]): unknown {
  return { type, priority: 1, enabled: true, conditions };
}

function condition(variable: string, params: object, rest: object): unknown {
  return { variable, params, ...rest };
}
