import fc from 'fast-check';
import { candleNeed } from './candle-need';
import { periodsOf, VARIABLES } from './variables';

describe('the candles that a variable needs', () => {
  it.each([
    ['RSI', 14, 15, 108],
    ['RSI', 240, 241, 1_895],
    ['ATR', 20, 21, 155],
    ['SMA', 240, 240, 240],
    ['EMA', 26, 26, 90],
    ['EMA', 240, 240, 829],
    ['MACD', { fast: 12, slow: 26, signal: 9 }, 34, 121],
    ['MACD', { fast: 60, slow: 60, signal: 60 }, 119, 416],
    ['STOCHASTIC', { k: 14, d: 3 }, 16, 16],
    ['BOLLINGER_BAND', 20, 20, 20],
    ['VOLUME', 20, 20, 20],
    ['VOLUME_SMA', 30, 30, 30],
    ['HIGH_PRICE', 60, 60, 60],
    ['LOW_PRICE', 60, 60, 60],
    ['CURRENT_PRICE', {}, 1, 1],
    ['price_change_5m', {}, 2, 2],
  ] as const)(
    '%s of %j are %i for a value and %i for a settled one',
    (variable, periods, ...need) => {
      const { minimum, settled } = candleNeed(variable, periods);
      expect([minimum, settled]).toEqual(need);
    },
  );

  it.each([
    ['RSI', 14],
    ['SMA', 14],
    ['EMA', 12],
    ['MACD', { fast: 12, slow: 26, signal: 9 }],
    ['STOCHASTIC', { k: 14, d: 3 }],
    ['BOLLINGER_BAND', 20],
    ['ATR', 14],
    ['VOLUME', 20],
    ['VOLUME_SMA', 30],
    ['HIGH_PRICE', 60],
    ['LOW_PRICE', 60],
  ] as const)('%s are of %j where nothing is said', (variable, usual) => {
    expect(candleNeed(variable)).toEqual(candleNeed(variable, usual));
  });

  it('are no fewer for a settled value than for a value, and grow as the start-up error shrinks', () => {
    const errors = fc.double({ min: 1e-9, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...VARIABLES), errors, fc.nat(), (variable, error, seed) => {
        const periods = Object.fromEntries(
          periodsOf(variable).map(([name, { min, max }]) => [name, min + (seed % (max - min + 1))]),
        );
        const { minimum, settled } = candleNeed(variable, periods, error);
        expect(settled).toBeGreaterThanOrEqual(minimum);
        expect(candleNeed(variable, periods, error / 2).settled).toBeGreaterThanOrEqual(settled);
      }),
    );
  });

  it('are said in words', () => {
    expect(candleNeed('ATR', 20).because).toBe(
      "Wilder's smoothing of 20: 155 candles leave a start-up error of 0.1 %",
    );
    expect(candleNeed('MACD').because).toBe(
      'an exponential average of 26 (90 candles) and, of the difference, of 9 (31 more): 121 candles leave a start-up error of 0.1 %',
    );
    expect(candleNeed('STOCHASTIC').because).toBe(
      'the range of 14 candles, averaged over 3: the last 16 candles',
    );
  });

  it.each([0, -1, 1, 1.5, 241, Number.NaN])('are refused for RSI of %p', (period) => {
    expect(() => candleNeed('RSI', period)).toThrow('expected a whole number from 2 to 240');
  });

  it.each([0, 1, -0.1, Number.NaN])('are refused for a start-up error of %p', (error) => {
    expect(() => candleNeed('RSI', 14, error)).toThrow('expected a number above 0 and below 1');
  });
});
