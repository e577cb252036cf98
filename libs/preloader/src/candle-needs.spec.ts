import { candleNeed, VARIABLES } from './candle-needs';

describe('candleNeed', () => {
  it.each([
    ['RSI', 14, 15, 108],
    ['ATR', 20, 21, 155],
    ['EMA', 26, 26, 90],
    ['EMA', 240, 240, 829],
    ['SMA', 240, 240, 240],
    ['HIGH_PRICE', 60, 60, 60],
  ] as const)(
    '%s of period %i needs %i candles for a value and %i for a settled one',
    (variable, period, minimum, settled) => {
      expect(candleNeed(variable, period)).toEqual({ minimum, settled });
    },
  );

  it('lets nothing older than the settled need weigh more than 0.1 %', () => {
    for (const period of [2, 5, 14, 60, 240]) {
      const { settled } = candleNeed('EMA', period);
      expect((1 - 2 / (period + 1)) ** settled).toBeLessThanOrEqual(0.001);
    }
  });

  it('never needs less for a settled value than for a value', () => {
    for (const variable of VARIABLES) {
      for (let period = 1; period <= 300; period += 1) {
        const { minimum, settled } = candleNeed(variable, period);
        expect(settled).toBeGreaterThanOrEqual(minimum);
      }
    }
  });

  it.each([0, -1, 1.5, 1_001, Number.NaN])('refuses a period of %p', (period) => {
    expect(() => candleNeed('RSI', period)).toThrow('expected a whole number from 1 to 1000');
  });
});
