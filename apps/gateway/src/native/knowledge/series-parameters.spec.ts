import { ApiRefusal } from '../../api/api-refusal';
import { EXPECTED_TIMEFRAME } from '../../api/expected-series';
import { readSeries } from './series-parameters';

/** What is wrong, by field. */
const wrong = (query: string): Readonly<Record<string, string>> => {
  try {
    readSeries(new URLSearchParams(query));
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    return Object.fromEntries(error.errors.map(({ field, expected }) => [field, expected]));
  }
  return {};
};

describe('the parameters of GET /api/coverage', () => {
  it('are a market in any spelling, and a timeframe or none', () => {
    expect(readSeries(new URLSearchParams('market=krw-btc'))).toEqual({ market: 'KRW-BTC' });
    const { timeframe } = readSeries(new URLSearchParams('market=KRW-BTC&timeframe=1h'));
    expect(timeframe?.code).toBe('60m');
  });

  it('are refused by name, in the words of GET /api/candles', () => {
    expect(wrong('market=SOL&timeframe=9m')).toEqual({
      market: 'expected one pair such as KRW-BTC',
      timeframe: EXPECTED_TIMEFRAME,
    });
    expect(wrong('')).toEqual({ market: 'expected one pair such as KRW-BTC' });
    expect(wrong('market=KRW-BTC&market=KRW-ETH')).toEqual({ market: 'expected it once' });
    expect(wrong('market=KRW-BTC&limit=5')).toEqual({
      limit: 'expected no such name; known: market, timeframe',
    });
  });
});
