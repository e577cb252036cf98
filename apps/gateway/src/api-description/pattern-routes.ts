import { z } from 'zod';
import type { RouteGroup } from './route-group';

const instant = z.iso.datetime().describe('ISO 8601, UTC.');
const series = { market: z.string(), timeframe: z.string() };
const share = z.number().min(0).max(1);
const milliseconds = z.int().nonnegative();
const rows = z.number().nonnegative().describe('Candles asked for at a time.');

export const patternsSchema = z.object({
  at: instant,
  learnedUntil: instant
    .optional()
    .describe('When the last question was asked that was learned from.'),
  requests: z
    .number()
    .describe('Requests a day, older ones weighing less; so in all parts of this.'),
  hours: z.array(z.number()).describe('Requests by hour of the day, UTC.'),
  series: z.array(z.object({ ...series, count: rows, requests: z.number(), share })),
  followers: z
    .array(
      z.object({
        ...{ caller: z.string(), after: z.object(series), next: z.object(series) },
        ...{ probability: share, delayMs: milliseconds },
      }),
    )
    .describe('What a caller asks after something else, and how much later.'),
  habits: z
    .array(
      z.object({
        ...{ caller: z.string(), ...series, count: rows, everyMs: milliseconds },
        phaseMs: milliseconds
          .optional()
          .describe(
            'After the begin of the period, UTC; none where it is counted from the last time.',
          ),
        probability: share,
      }),
    )
    .describe('What a caller asks again and again.'),
});

/** `/api/patterns`. */
export const patternRoutes: RouteGroup = {
  tag: 'patterns',
  description: 'What callers habitually ask.',
  schemas: { Patterns: patternsSchema },
  routes: [
    {
      ...{ method: 'get', path: '/api/patterns', operationId: 'getPatterns' },
      summary: 'What was learned of the callers’ habits.',
      answers: { 200: { description: 'The patterns.', schema: 'Patterns' } },
      problems: {},
    },
  ],
};
