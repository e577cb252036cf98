import { parseMarketCode, Timeframe } from '@candlekeep/market';
import type { PreloadPlan, PreloadRun } from '@candlekeep/preloader';
import type { z } from 'zod';
import { preloadsBody, runBody } from '../preloads/preload-body';
import { patternsBody } from '../usage/patterns-body';
import { patternsSchema } from './pattern-routes';
import { preloadsSchema } from './preload-routes';
import { strategyExamples } from './strategy-examples';
import { runSchema, strategySchemas } from './strategy-schemas';

const market = parseMarketCode('KRW-BTC');
const nowMs = Date.UTC(2026, 0, 5);
const run: PreloadRun = {
  ...{ id: 'one', strategyId: 'a', state: 'failed', total: 4, done: 1, calls: 1 },
  ...{ reason: 'no such market', createdAtMs: nowMs, updatedAtMs: nowMs },
};
const plan: PreloadPlan = {
  ...{ atMs: nowMs, owner: 'worker-1', sinceMs: nowMs, budget: { perHour: 600, left: 12.5 } },
  schedules: [{ id: 'hourly', nextMs: nowMs }],
  warm: [{ market, timeframe: '15m', candles: 158, why: ['RSI 14'], untilMs: nowMs }],
  upcoming: [
    {
      ...{ market, timeframe: '15m', count: 60, back: 0, source: 'habit', probability: 0.5 },
      why: ['asked each quarter of an hour'],
      ...{ fromMs: nowMs, untilMs: nowMs },
    },
  ],
  counts: { notes: 1, lost: 0, unreadable: 0, asks: 3, refused: 0 },
};
const preloads = { plan, runs: [run], droppedCount: 2 };
const patterns = patternsBody({
  nowMs,
  learnedUntilMs: nowMs,
  patterns: {
    ...{ requests: 2.5, hours: [0.5] },
    series: [
      {
        series: { market, timeframe: Timeframe.parse('1d') },
        ...{ requests: 1, share: 0.5, count: 60 },
      },
    ],
    followers: [
      { caller: 'a', after: 'KRW-BTC:1d', next: 'KRW-ETH:1d', probability: 0.5, delayMs: 4 },
    ],
    habits: [
      ...[60_000, undefined].map((phaseMs) => ({
        ...{ caller: 'a', series: 'KRW-BTC:1d', everyMs: 900_000, phaseMs },
        ...{ probability: 0.5, count: 60 },
      })),
    ],
  },
});

describe('what the gateway answers', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['the preloads', preloadsSchema, preloadsBody(preloads)],
    ['a run', runSchema, runBody(run)],
    [
      'the preloads while nobody preloads',
      preloadsSchema,
      preloadsBody({ plan: undefined, runs: [], droppedCount: 0 }),
    ],
    ['the patterns', patternsSchema, patterns],
    ['a strategy', strategySchemas.StrategyView, strategyExamples.view],
    ['a strategy in a list', strategySchemas.StrategySummary, strategyExamples.summary],
    ['one that is not understood', strategySchemas.StrategySummary, strategyExamples.unreadable],
    ['its needs', strategySchemas.StrategyNeeds, strategyExamples.needs],
  ])('for %s is what is described, and nothing else', (_, schema, body) => {
    expect(schema.parse(body)).toEqual(body);
  });
});
