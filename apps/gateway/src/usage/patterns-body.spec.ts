import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { patternsBody } from './patterns-body';

describe('what was learned, as people read it', () => {
  const nowMs = Date.UTC(2026, 0, 1);
  const patterns = {
    requests: 2_400.123_456,
    hours: [1 / 3, 0],
    series: [
      {
        series: { market: parseMarketCode('KRW-BTC'), timeframe: Timeframe.parse('15m') },
        ...{ requests: 1_200, share: 2 / 3, count: 60 },
      },
    ],
    followers: [
      {
        ...{ caller: 'desk', after: 'KRW-BTC:15m', next: 'KRW-ETH:1M' },
        ...{ probability: 0.98765, delayMs: 41.7 },
      },
    ],
    habits: [
      {
        ...{ caller: 'desk', series: 'KRW-BTC:15m', everyMs: 900_000, phaseMs: 312.4 },
        ...{ probability: 1, count: 60 },
      },
      {
        ...{ caller: 'chart', series: 'KRW-BTC:1d', everyMs: 144_000.4, phaseMs: undefined },
        ...{ probability: 0.5, count: 20 },
      },
    ],
  };

  it('names series by market and timeframe, instants by their date, shares with three digits', () => {
    expect(patternsBody({ nowMs, learnedUntilMs: nowMs - 1, patterns })).toEqual({
      ...{ at: '2026-01-01T00:00:00.000Z', learnedUntil: '2025-12-31T23:59:59.999Z' },
      ...{ requests: 2_400.123, hours: [0.333, 0] },
      series: [{ market: 'KRW-BTC', timeframe: '15m', requests: 1_200, share: 0.667, count: 60 }],
      followers: [
        {
          caller: 'desk',
          after: { market: 'KRW-BTC', timeframe: '15m' },
          next: { market: 'KRW-ETH', timeframe: '1M' },
          ...{ probability: 0.988, delayMs: 42 },
        },
      ],
      habits: [
        {
          ...{ caller: 'desk', market: 'KRW-BTC', timeframe: '15m', count: 60 },
          ...{ everyMs: 900_000, phaseMs: 312, probability: 1 },
        },
        {
          ...{ caller: 'chart', market: 'KRW-BTC', timeframe: '1d', count: 20 },
          ...{ everyMs: 144_000, probability: 0.5 },
        },
      ],
    });
  });

  it('says nothing of when it learned while it has learned nothing', () => {
    const none = { requests: 0, hours: [], series: [], followers: [], habits: [] };
    expect(patternsBody({ nowMs, learnedUntilMs: 0, patterns: none })).not.toHaveProperty(
      'learnedUntil',
    );
  });
});
