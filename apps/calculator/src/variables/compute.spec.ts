import { candleNeed, completePeriods, type Periods, type Variable } from '@candlekeep/variables';
import { recordedCandles } from '../../../../test/support/recorded-candles';
import { secondOpinion } from '../../../../test/support/calculator/second-opinion';
import { type Bar, barOf } from './bar';
import { COMPUTATIONS, type Values } from './compute';

const compute = (variable: Variable, bars: readonly Bar[], given: Periods = {}): Values => {
  const periods = completePeriods(variable, given);
  return COMPUTATIONS[variable](bars, (name) => periods[name] ?? NaN);
};

/** Far apart is what differs by more than a digit of rounding; the second library prints an RSI with two digits after the point. */
const expectEqual = (variable: Variable, ours: Values, theirs: Values): void => {
  expect(Object.keys(ours)).toEqual(Object.keys(theirs));
  for (const [name, value] of Object.entries(ours)) {
    const tolerance = variable === 'RSI' ? 0.005 + 1e-9 : 1e-9 * Math.max(1, Math.abs(value));
    expect(Math.abs(value - (theirs[name] ?? NaN))).toBeLessThanOrEqual(tolerance);
  }
};

describe.each([
  'upbit_KRW-BTC_1m_20250901_20251004',
  'upbit_KRW-ETH_15m_2024',
  'upbit_KRW-BTC_1d_20240101_20260101',
  'upbit_KRW-KNC_3m_20230711_20230811',
])('of recorded candles (%s)', (recording) => {
  /** Long enough that no start shows any more. */
  const bars = recordedCandles(recording).slice(-3_000).map(barOf);

  it.each([
    ['RSI', {}],
    ['RSI', { period: 30 }],
    ['SMA', {}],
    ['EMA', {}],
    ['EMA', { period: 26 }],
    ['MACD', {}],
    ['MACD', { fast: 5, slow: 35, signal: 5 }],
    ['STOCHASTIC', {}],
    ['STOCHASTIC', { k: 60, d: 5 }],
    ['BOLLINGER_BAND', {}],
    ['ATR', {}],
    ['ATR', { period: 20 }],
    ['VOLUME', {}],
    ['VOLUME_SMA', {}],
    ['HIGH_PRICE', {}],
    ['LOW_PRICE', {}],
    ['CURRENT_PRICE', {}],
    ['price_change_5m', {}],
  ] as const)('%s %j is what a second library computes', (variable, periods) => {
    expectEqual(variable, compute(variable, bars, periods), secondOpinion(variable, bars, periods));
  });

  // EMA and MACD begin otherwise: with the first close here, with the mean of the first n there.
  it.each(['RSI', 'SMA', 'STOCHASTIC', 'BOLLINGER_BAND', 'ATR', 'VOLUME_SMA'] as const)(
    '%s is so from the first candle on that gives a value',
    (variable) => {
      const first = bars.slice(-candleNeed(variable).minimum);
      expectEqual(variable, compute(variable, first), secondOpinion(variable, first));
    },
  );
});

describe('of a price that stands still', () => {
  const still = Array.from({ length: 120 }, () => ({ high: 5, low: 5, close: 5, volume: 1 }));

  it('is what both libraries agree on: RSI 100, %K 0, no change, no range', () => {
    expect(compute('RSI', still)).toEqual({ value: 100 });
    expect(compute('STOCHASTIC', still)).toEqual({ '%K': 0, '%D': 0 });
    expect(compute('price_change_5m', still)).toEqual({ value: 0 });
    expect(compute('ATR', still)).toEqual({ value: 0 });
    for (const variable of ['RSI', 'STOCHASTIC', 'ATR'] as const)
      expectEqual(variable, compute(variable, still), secondOpinion(variable, still));
  });
});
