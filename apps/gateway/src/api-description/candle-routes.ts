import { z } from 'zod';
import { batchSchemas, candleSchemas, questionMembers } from './candle-schemas';
import type { ApiParameter, RouteGroup } from './route-group';

const UNLISTED = 'The exchange lists no such market.';
const BAD = 'The question is refused: every wrong field is named.';
const LATE = 'Not known (only-if-cached), or not in time.';

/** How a caller says how old an answer may be and who it is; the same at /v1. */
const askerHeaders: readonly ApiParameter[] = [
  {
    ...{ name: 'Cache-Control', in: 'header', schema: z.string() },
    description:
      'max-age=N (default 1), no-cache, only-if-cached, max-stale=N, stale-if-error=N: how old the newest candle may be, seconds.',
  },
  {
    ...{ name: 'X-Candlekeep-Class', in: 'header' },
    description: 'Who waits, the most urgent first; bot when left out.',
    schema: z.enum(['bot', 'monitor', 'chart', 'backtest']),
  },
  {
    ...{ name: 'X-Candlekeep-Caller', in: 'header' },
    description: 'Who asks; the connection’s address when left out.',
    schema: z.string().regex(/^[A-Za-z0-9_.:-]{1,64}$/),
  },
];

const parameters = Object.entries(questionMembers).map(([name, schema]): ApiParameter => ({
  ...{ name, in: 'query', schema, description: schema.description ?? 'The candles’ length.' },
  required: name === 'market' || name === 'timeframe',
}));

const row = {
  ...{ openMs: 1_767_571_200_000, open: '131000000.00000000', high: '131250000.00000000' },
  ...{ low: '130900000.00000000', close: '131100000.00000000', volume: '1.40198190' },
  ...{ turnover: '183744731.09000000', timestampMs: 1_767_571_259_812 },
};
const meta = { asOfMs: 1_767_571_300_000, finalCount: 1, short: null, source: 'l1' };
const rows = { market: 'KRW-BTC', timeframe: '1m', candles: [row], ...meta };
const columns = {
  ...{ market: 'KRW-BTC', timeframe: '15m' },
  columns: { openMs: [row.openMs], close: [row.close] },
  ...meta,
};
const problem = {
  ...{ type: 'about:blank', title: 'Not Found', status: 404 },
  detail: 'The exchange lists no market KRW-NOPE.',
};

const count = z.int().nonnegative();
const forgotten = z.object({
  market: z.string(),
  rows: count,
  series: z.array(z.object({ timeframe: z.string(), rows: count })),
});

/** `/api/candles`. */
export const candleRoutes: RouteGroup = {
  tag: 'candles',
  description: 'Candles in our own words: any number, any range, four forms.',
  schemas: { ...candleSchemas, ...batchSchemas, ForgottenMarket: forgotten },
  routes: [
    {
      ...{ method: 'get', path: '/api/candles', operationId: 'getCandles' },
      summary: 'The newest candles, or all of a range.',
      parameters: [...parameters, ...askerHeaders],
      answers: {
        200: {
          ...{ description: 'The candles, oldest first.', schema: 'CandleAnswer', example: rows },
          types: ['text/csv', 'application/vnd.apache.arrow.stream'],
          headers: {
            'Cache-Status': 'Where it came from (RFC 9211); not of a range that is streamed.',
            'X-Candlekeep-As-Of': 'asOfMs, where it is known before the body.',
            'X-Candlekeep-Final-Count': 'finalCount, likewise.',
            'X-Candlekeep-Short':
              'short, likewise: wanted=500; got=123; reason=history-begins. Never of a range.',
            ETag: 'Of the candles; not of a range that is streamed.',
          },
        },
        304: { description: 'As the caller has it (If-None-Match).' },
      },
      problems: { 400: BAD, 404: UNLISTED, 504: LATE },
    },
    {
      ...{ method: 'post', path: '/api/candles/batch', operationId: 'getCandleBatch' },
      summary: 'The newest candles of many series in one round trip, each with its own status.',
      parameters: askerHeaders,
      body: {
        schema: 'CandleBatch',
        examples: {
          two: {
            requests: [
              { id: 'rsi', market: 'KRW-BTC', timeframe: '15m', count: 108 },
              {
                ...{ market: 'KRW-ETH', timeframe: '1d', format: 'columns', maxAgeSeconds: 60 },
                columns: ['openMs', 'close'],
              },
            ],
          },
        },
      },
      answers: {
        200: {
          ...{ description: 'An answer or a problem for each.', schema: 'CandleBatchAnswer' },
          example: {
            answers: [
              { id: 'rsi', status: 200, body: columns },
              { status: 404, problem },
            ],
          },
        },
      },
      problems: {
        400: 'There is no list of questions, or too much is asked for.',
        415: 'No JSON.',
      },
    },
    {
      ...{ method: 'delete', path: '/api/candles', operationId: 'forgetMarket' },
      summary: 'Forgets a market in every timeframe, stored candles and cached ones.',
      parameters: [
        {
          ...{ name: 'market', in: 'query', required: true, schema: z.string() },
          description: 'One that was renamed or redenominated.',
        },
      ],
      answers: {
        200: {
          ...{ description: 'What was removed.', schema: 'ForgottenMarket' },
          example: { market: 'KRW-BTC', rows: 200, series: [{ timeframe: '1m', rows: 200 }] },
        },
      },
      problems: { 400: 'It is no market.' },
    },
  ],
};
