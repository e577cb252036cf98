import { LANES } from '@candlekeep/market';
import { z } from 'zod';
import type { RouteGroup } from './route-group';

const instant = z.iso.datetime().describe('ISO 8601, UTC.');
const count = z.int().nonnegative();
const ms = z.number().nonnegative();
const state = z.object({
  state: z.enum(['closed', 'open', 'half-open']),
  reason: z.string().optional(),
  until: instant.optional(),
});
const counts = z.record(z.string(), count);
const cap = z.object({ limit: count, used: count });
const group = z.object({
  group: z.string(),
  limit: count.describe('Calls that any second may hold.'),
  allowed: count.describe('Slots of these that are used at present.'),
  reduced: z.object({ reason: z.string(), until: instant }).optional(),
  ...{ inFlight: count, resting: count, held: count, foreign: count, usedInSecond: count },
  ...{ perMinute: cap, perHour: cap },
  waiting: z.object(Object.fromEntries(LANES.map((lane) => [lane, count]))),
  breaker: state,
});

const operationSchemas = {
  CachedSeries: z.object({
    ...{ market: z.string(), timeframe: z.string(), rows: count, bytes: count, hits: count },
    ...{ created: instant, updated: instant, used: instant },
  }),
  Overview: z.object({
    asOfMs: ms.describe('Epoch ms.'),
    day: z.string().describe('The day (UTC) of all counts: 2026-11-23.'),
    answers: z.object({
      total: count,
      bySource: z.object({ l0: count, l1: count, l2: count, fold: count, exchange: count }),
      refused: count.describe('Questions that were answered with an error.'),
    }),
    exchangeCalls: z.object({ total: count, byLane: counts, byOutcome: counts }),
    calls: z.object({
      eachForItself: count.describe('One for each 200 candles, at least one for each answer.'),
      made: count,
      saved: z.int().describe('The difference; below 0 when more was brought early than asked.'),
    }),
    queues: z.array(
      z.object({ name: z.string(), waiting: count, active: count, delayed: count, failed: count }),
    ),
    build: z.object({
      ...{ version: z.string(), commit: z.string().nullable(), startedAtMs: ms },
    }),
  }),
  ExchangeBudget: z.object({
    egresses: z.array(
      z.object({
        egress: z.string(),
        now: instant,
        circuit: state,
        bans: count,
        groups: z.array(group),
      }),
    ),
  }),
  LiveStatus: z.object({
    ...{ leader: z.string(), token: count, sinceMs: ms, atMs: ms },
    stream: z.object({
      state: z.enum(['away', 'silent', 'lagging', 'steady']),
      ...{ ageMs: ms.optional(), lagMs: z.number().optional() },
    }),
    markets: z.array(
      z.object({
        ...{ market: z.string(), lastFrameAgeMs: ms.optional() },
        provenance: z.object({ native: count, stream: count, rest: count }),
        ...{ proven: count, empty: count, doubtful: count, corrections: count },
        mode: z.enum(['stream', 'rest']),
      }),
    ),
  }),
};

const at = '2026-01-05T00:00:00.000Z';
const open = { state: 'closed' };

/** `/api/overview`, `/api/cache`, `/api/exchange/budget`, `/api/live`. */
export const operationRoutes: RouteGroup = {
  tag: 'operation',
  description: 'How the system stands.',
  schemas: operationSchemas,
  routes: [
    {
      ...{ method: 'get', path: '/api/overview', operationId: 'getOverview' },
      summary:
        'What all gateways and workers together did today (UTC), and what waits in the queues.',
      answers: {
        200: {
          ...{ description: 'As of about a second ago.', schema: 'Overview' },
          example: {
            ...{ asOfMs: 1_767_571_300_000, day: '2026-01-05' },
            answers: {
              ...{ total: 1_000, refused: 1 },
              bySource: { l0: 900, l1: 80, l2: 10, fold: 6, exchange: 4 },
            },
            exchangeCalls: { total: 4, byLane: { bot: 4 }, byOutcome: { answered: 4 } },
            calls: { eachForItself: 1_040, made: 4, saved: 1_036 },
            queues: [{ name: 'candles', waiting: 0, active: 1, delayed: 0, failed: 0 }],
            build: { version: '0.1.0', commit: null, startedAtMs: 1_767_571_200_000 },
          },
        },
      },
      problems: {},
    },
    {
      ...{ method: 'get', path: '/api/cache', operationId: 'listCachedSeries' },
      summary: 'Every series in L1, the least recently used first.',
      answers: {
        200: {
          ...{ description: 'The series.', schema: 'CachedSeries', isList: true },
          example: [
            {
              ...{ market: 'KRW-BTC', timeframe: '1m', rows: 1_000, bytes: 247_000, hits: 86_400 },
              ...{ created: at, updated: at, used: at },
            },
          ],
        },
      },
      problems: {},
    },
    {
      ...{ method: 'get', path: '/api/exchange/budget', operationId: 'getExchangeBudget' },
      summary: 'What may be asked of the exchange, who waits, and what stands in the way.',
      answers: {
        200: {
          ...{ description: 'By egress.', schema: 'ExchangeBudget' },
          example: {
            egresses: [{ egress: 'default', now: at, circuit: open, bans: 0, groups: [] }],
          },
        },
      },
      problems: {},
    },
    {
      ...{ method: 'get', path: '/api/live', operationId: 'getLiveStatus' },
      summary: 'How the process that follows the exchange’s stream stands; 503 where none does.',
      answers: {
        200: {
          ...{ description: 'As told a second ago at most.', schema: 'LiveStatus' },
          example: {
            ...{ leader: 'live-1', token: 7, sinceMs: 1_767_571_200_000, atMs: 1_767_571_300_000 },
            ...{ stream: { state: 'steady', ageMs: 120, lagMs: 35 }, markets: [] },
          },
        },
      },
      problems: {},
    },
  ],
};
