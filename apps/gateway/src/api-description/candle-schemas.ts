import { Timeframe } from '@candlekeep/market';
import { z } from 'zod';
import { COLUMN_NAMES } from '../native/candle-columns';
import { FORMATS } from '../native/forms/body-forms';
import { DEFAULT_COUNT, LARGEST_COUNT } from '../native/question/native-question';

const epochMs = z.int().describe('Epoch ms, UTC.');
const amount = z
  .union([z.string(), z.number()])
  .nullable()
  .describe('Exact decimal text, or the number with numbers=number; null in an empty slot.');
const amounts = z.array(amount);

/** What a question may say; a URL says it in text. */
export const questionMembers = {
  market: z.string().describe('A listed pair such as KRW-BTC.'),
  timeframe: z.enum(Timeframe.ALL.map(({ code }) => code)),
  count: z
    .int()
    .min(1)
    .max(LARGEST_COUNT)
    .describe(`The newest so many candles; with fill, slots. ${DEFAULT_COUNT} when left out.`),
  from: z
    .string()
    .describe(
      'The first open: ISO 8601 with a zone, or epoch ms. A range, oldest first, of any length (50,000 slots with format=columns).',
    ),
  to: z.string().describe('Candles that open before it: ISO 8601 with a zone, or epoch ms.'),
  closed: z.boolean().describe('Only candles that will not change.'),
  fill: z
    .enum(['sparse', 'null', 'forward'])
    .describe(
      'Slots without a trade: left out (default), with nulls, or with the close before them. Each slot then says isEmpty.',
    ),
  format: z
    .enum(FORMATS)
    .describe(
      'Objects (default), a list a column, CSV, or an Apache Arrow IPC stream; also by Accept.',
    ),
  columns: z
    .string()
    .describe(
      `Comma-separated, in the order wanted: ${COLUMN_NAMES.join(', ')} (the last three of days only).`,
    ),
  numbers: z
    .enum(['text', 'number'])
    .describe('Amounts as exact decimal text (default), or as numbers.'),
};

const short = z
  .object({ wanted: z.int(), got: z.int(), reason: z.literal('history-begins') })
  .nullable()
  .describe(
    'Fewer than wanted, and why; null otherwise, and always of a range, which wants no number.',
  );
const meta = {
  asOfMs: epochMs.describe('The exchange answered so at this moment, epoch ms.'),
  finalCount: z.int().nonnegative().describe('So many, the oldest, will not change.'),
  short,
  source: z
    .enum(['l1', 'l2', 'fold', 'exchange'])
    .describe('The slowest tier that was needed when the body was made.'),
  staleMs: z.int().positive().optional().describe('By how much it is older than was asked for.'),
};
const series = { market: z.string(), timeframe: z.string() };

const candle = z.object({
  ...{ openMs: epochMs.optional(), open: amount.optional(), high: amount.optional() },
  ...{ low: amount.optional(), close: amount.optional() },
  volume: amount.optional().describe('In the base currency.'),
  turnover: amount.optional().describe('In the quote currency.'),
  timestampMs: epochMs.nullable().optional().describe('The last tick; may lie past the close.'),
  ...{ previousClose: amount.optional(), change: amount.optional() },
  changeRate: amount.optional(),
  isEmpty: z.boolean().optional(),
});
const candleRows = z.object({
  ...series,
  candles: z.array(candle).describe('Oldest first.'),
  ...meta,
});
const candleColumns = z.object({
  ...series,
  columns: z
    .object({
      ...{ openMs: z.array(epochMs).optional(), open: amounts.optional() },
      ...{ high: amounts.optional(), low: amounts.optional(), close: amounts.optional() },
      ...{ volume: amounts.optional(), turnover: amounts.optional() },
      timestampMs: z.array(epochMs.nullable()).optional(),
      ...{ previousClose: amounts.optional(), change: amounts.optional() },
      ...{ changeRate: amounts.optional(), isEmpty: z.array(z.boolean()).optional() },
    })
    .describe('All of one length, oldest first.'),
  ...meta,
});
const candleAnswer = z.union([candleRows, candleColumns]);

export const candleSchemas = {
  ...{ Candle: candle, CandleRows: candleRows, CandleColumns: candleColumns },
  CandleAnswer: candleAnswer,
};

const { market, timeframe, count, closed, fill, numbers } = questionMembers;
const instant = z.union([z.string(), z.int()]);
const batchRequest = z.object({
  id: z.string().max(200).optional().describe('Comes back with the answer.'),
  ...{ market, timeframe, count: count.optional(), closed: closed.optional() },
  to: instant.optional().describe('ISO 8601 with a zone, or epoch ms.'),
  ...{ fill: fill.optional(), numbers: numbers.optional() },
  columns: z.array(z.enum(COLUMN_NAMES)).min(1).optional(),
  format: z.enum(['rows', 'columns']).optional(),
  maxAgeSeconds: z.int().min(0).optional().describe('As max-age, for this question.'),
});

export const batchSchemas = {
  CandleBatch: z.object({
    requests: z.array(batchRequest).min(1).max(100).describe('Counts of 100,000 together at most.'),
  }),
  CandleBatchAnswer: z.object({
    answers: z
      .array(
        z.union([
          z.object({
            id: z.string().optional(),
            status: z.literal(200),
            body: candleAnswer,
          }),
          z.object({
            id: z.string().optional(),
            status: z.int().min(400),
            problem: z.looseObject({
              ...{ title: z.string(), status: z.int(), detail: z.string() },
              retryAfterSeconds: z
                .int()
                .min(1)
                .optional()
                .describe('Asking again may help after so long; as Retry-After of one question.'),
            }),
          }),
        ]),
      )
      .describe('In the order asked.'),
  }),
};
