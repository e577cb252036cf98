import { z } from 'zod';
import type { RouteGroup } from './route-group';
import { strategyExamples } from './strategy-examples';
import { runSchema } from './strategy-schemas';

const instant = z.iso.datetime().describe('ISO 8601, UTC.');
const series = { market: z.string(), timeframe: z.string() };
const count = z.int().nonnegative();

const plan = {
  at: instant,
  owner: z.string().describe('The worker that plans, and since when it does.'),
  since: instant,
  budget: z
    .object({ perHour: count, left: z.number() })
    .describe('Calls of the exchange that preloading may cost.'),
  schedules: z.array(z.object({ id: z.string(), next: instant })),
  warm: z
    .array(z.object({ ...series, candles: count, why: z.array(z.string()), until: instant }))
    .describe('What is kept at hand, and why.'),
  upcoming: z
    .array(
      z.object({
        ...{ ...series, count, back: count, from: instant, until: instant },
        probability: z.number().min(0).max(1),
        source: z.enum(['strategy', 'habit', 'pace', 'sequence']),
        why: z.array(z.string()),
      }),
    )
    .describe('What is expected next, the soonest first, at most 50.'),
  counts: z
    .object({ notes: count, lost: count, unreadable: count, asks: count, refused: count })
    .describe(
      'Since the owner began: questions learned from, lost before that, and not understood; early questions asked, and not taken by the queue.',
    ),
};
const always = {
  runs: z.array(runSchema).describe('The newest 100, newest first.'),
  gateway: z
    .object({ dropped: count })
    .describe('Questions that the answering gateway could not note since it began.'),
};

export const preloadsSchema = z.union([
  z.object({
    ...{ state: z.literal('preloading'), ...plan, ...always },
  }),
  z.object({
    state: z.literal('away').describe('No worker preloads.'),
    ...{ detail: z.string(), ...always },
  }),
]);

/** `/api/preloads`. Runs have the shape that the strategies' routes describe. */
export const preloadRoutes: RouteGroup = {
  tag: 'preloads',
  description: 'What is brought before it is asked, and why.',
  schemas: { Preloads: preloadsSchema },
  routes: [
    {
      ...{ method: 'get', path: '/api/preloads', operationId: 'getPreloads' },
      summary: 'What is preloaded now and why, and the newest runs.',
      answers: { 200: { description: 'The plan.', schema: 'Preloads' } },
      problems: {},
    },
    {
      ...{ method: 'get', path: '/api/preloads/{id}', operationId: 'getPreloadRun' },
      summary: 'How far a run is.',
      parameters: [{ name: 'id', in: 'path', description: 'The run.', schema: z.string() }],
      answers: {
        200: { description: 'The run.', schema: 'PreloadRun', example: strategyExamples.run },
      },
      problems: { 404: 'There is no such run.' },
    },
  ],
};
