import { atr, rsi, sma } from './indicators';

describe('indicators', () => {
  it("gives Wilder's RSI of a series that was computed by hand", () => {
    // Period 2: gains 1, 0 then loss 1 of changes +1, -1, +2 → averages 0.5/0.5, then 1.25/0.25.
    expect(rsi([10, 11, 10, 12], 2)).toBeCloseTo((100 * 1.25) / 1.5, 10);
  });

  it('is 100 when prices only rise, 0 when they only fall, 50 when they stand still', () => {
    expect(rsi([1, 2, 3, 4], 3)).toBe(100);
    expect(rsi([4, 3, 2, 1], 3)).toBe(0);
    expect(rsi([2, 2, 2, 2], 3)).toBe(50);
  });

  it('says that data is short instead of a neutral value', () => {
    expect(rsi([1, 2, 3], 3)).toBeUndefined();
    expect(sma([1, 2], 3)).toBeUndefined();
    expect(atr([{ high: 2, low: 1, close: 2 }], 1)).toBeUndefined();
  });

  it('counts a gap from the previous close in the true range', () => {
    const candles = [
      { high: 10, low: 9, close: 10 },
      { high: 14, low: 13, close: 13 },
    ];
    expect(atr(candles, 1)).toBe(4);
  });
});
