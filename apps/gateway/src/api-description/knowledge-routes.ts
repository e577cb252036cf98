import { Timeframe } from '@candlekeep/market';
import { z } from 'zod';
import type { RouteGroup } from './route-group';

const range = z
  .object({ fromMs: z.int(), untilMs: z.int() })
  .describe('Opens from fromMs on, before untilMs; epoch ms.');

export const knowledgeSchemas = {
  Coverage: z.object({
    market: z.string(),
    series: z.array(
      z.object({
        timeframe: z.string(),
        ranges: z
          .array(range)
          .describe('Where every candle is stored, oldest first; from 0 on: since history began.'),
        unverified: z
          .array(range)
          .describe('Parts that the exchange has not confirmed beyond doubt yet, and still can.'),
        verified: z
          .array(range)
          .describe('Parts that the exchange itself showed when nothing could change any more.'),
        folded: z.array(range).describe('Parts made from candles of a shorter timeframe.'),
        streamed: z.array(range).describe('Parts that only the exchange’s stream has shown.'),
        revision: z.int().describe('Rises when something stored was changed or taken away.'),
      }),
    ),
  }),
  Market: z.object({ market: z.string(), koreanName: z.string(), englishName: z.string() }),
};

const fromMs = 1_767_484_800_000;
const untilMs = 1_767_571_200_000;
const coverage = {
  market: 'KRW-BTC',
  series: [
    {
      ...{ timeframe: '1m', ranges: [{ fromMs, untilMs }], revision: untilMs },
      unverified: [{ fromMs: untilMs - 600_000, untilMs }],
      verified: [{ fromMs, untilMs: untilMs - 600_000 }],
      folded: [],
      streamed: [{ fromMs: untilMs - 600_000, untilMs }],
    },
  ],
};

/** `/api/coverage` and `/api/markets`. */
export const knowledgeRoutes: RouteGroup = {
  tag: 'knowledge',
  description: 'Which markets there are, and what is stored of them.',
  schemas: knowledgeSchemas,
  routes: [
    {
      ...{ method: 'get', path: '/api/markets', operationId: 'listMarkets' },
      summary: 'Every listed market.',
      answers: {
        200: {
          ...{ description: 'In the exchange’s order.', schema: 'Market', isList: true },
          example: [{ market: 'KRW-BTC', koreanName: '비트코인', englishName: 'Bitcoin' }],
        },
      },
      problems: {},
    },
    {
      ...{ method: 'get', path: '/api/coverage', operationId: 'getCoverage' },
      summary: 'Which candles of a market are stored for good.',
      parameters: [
        {
          ...{ name: 'market', in: 'query', required: true, schema: z.string() },
          description: 'A pair such as KRW-BTC.',
        },
        {
          ...{ name: 'timeframe', in: 'query', description: 'All when left out.' },
          schema: z.enum(Timeframe.ALL.map(({ code }) => code)),
        },
      ],
      answers: { 200: { description: 'By series.', schema: 'Coverage', example: coverage } },
      problems: {
        400: 'It is no market, or no timeframe.',
        404: 'Nothing is stored of it, and the exchange does not list it.',
      },
    },
  ],
};
