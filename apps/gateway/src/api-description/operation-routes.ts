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

/** `/api/cache`, `/api/exchange/budget`, `/api/live`. */
export const operationRoutes: RouteGroup = {
  tag: 'operation',
  description: 'How the system stands.',
  schemas: operationSchemas,
  routes: [
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
