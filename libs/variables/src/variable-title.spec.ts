import { titleOf } from './variable-title';

describe("a variable's title", () => {
  const rsi = { variable: 'RSI', periods: { period: 14 } } as const;

  it('is its name and its periods, in the order in which people say them', () => {
    expect(titleOf(rsi)).toBe('RSI 14');
    const periods = { signal: 9, slow: 26, fast: 12 };
    expect(titleOf({ variable: 'MACD', periods })).toBe('MACD 12/26/9');
    expect(titleOf({ variable: 'STOCHASTIC', periods: { k: 14, d: 3 } })).toBe('STOCHASTIC 14/3');
    expect(titleOf({ variable: 'CURRENT_PRICE', periods: {} })).toBe('CURRENT_PRICE');
  });

  it('says of whose values it is computed', () => {
    const sma = { variable: 'SMA', periods: { period: 20 }, source: rsi } as const;
    expect(titleOf(sma)).toBe('SMA 20 of RSI 14');
  });
});
