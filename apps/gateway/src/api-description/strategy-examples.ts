import {
  analyseStrategy,
  parseStrategy,
  type StoredStrategy,
  type UnreadableStrategy,
} from '@candlekeep/strategies';
import { START_UP_ERROR } from '@candlekeep/variables';
import { runBody } from '../preloads/preload-body';
import { listedBody, needsBody, strategyBody, strategySummary } from '../strategies/strategy-body';

/** Some day. */
const DAY_MS = Date.UTC(2026, 0, 5, 9);

/** A strategy with rules: numbers may be texts, variables may be held against others. */
const trend = {
  ...{ strategyId: 'trend_btc', positionId: 'pos_001', market: 'KRW-BTC', timeframe: '15m' },
  entry: {
    ...{ type: 'rsi_oversold', priority: 1, enabled: true },
    conditions: [{ variable: 'RSI', params: { period: 14 }, operator: '<', value: '25' }],
  },
  management: [
    {
      ...{ type: 'trend', priority: 2, enabled: true },
      conditions: [
        {
          variable: 'SMA',
          params: { period: 20, timeframe: 'position_follow' },
          operator: 'crosses_above',
          external: { variable: 'EMA', params: { period: 120, timeframe: '1h' } },
        },
      ],
    },
  ],
};
const daily = {
  symbol: 'KRW-BTC',
  timeframe: '1d',
  ATR_period: 20,
  RSI_period: 14,
  HIGH_period: 60,
};

const strategy = parseStrategy(trend);
const stored: StoredStrategy = {
  ...{ strategy, document: trend, isActive: true, revision: 7 },
  ...{ createdAtMs: DAY_MS, updatedAtMs: DAY_MS },
};
const unreadable: UnreadableStrategy = {
  ...{ id: 'from_elsewhere', document: {}, isActive: true, revision: 8 },
  unreadable: 'strategy "from_elsewhere" is refused: entry.type: expected a text',
  ...{ createdAtMs: DAY_MS, updatedAtMs: DAY_MS },
};
const run = runBody({
  ...{ id: '0f8c2a31-6f0e-4b3e-9a55-2f4f5e0c7d11', strategyId: 'trend_btc', state: 'running' },
  ...{ total: 4, done: 1, calls: 1, createdAtMs: DAY_MS, updatedAtMs: DAY_MS + 120 },
});

/** Documents and answers of one strategy, made by the code that makes real ones. */
export const strategyExamples = {
  documents: { rules: trend, flat: daily },
  summary: strategySummary(stored),
  unreadable: listedBody(unreadable),
  view: { ...strategyBody(stored), run },
  needs: needsBody(strategy.id, START_UP_ERROR, analyseStrategy(strategy)),
  run,
};
