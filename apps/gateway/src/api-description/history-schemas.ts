import { Timeframe } from '@candlekeep/market';
import { z } from 'zod';

const instant = z.iso.datetime().describe('ISO 8601, UTC.');
const count = z.int().nonnegative();

const counts = {
  pages: count.describe('Read from the exchange.'),
  calls: count.describe('That they cost.'),
  rows: count.describe('That they showed.'),
  compared: count.describe('Stored rows that were held against them.'),
  added: count.describe('Rows of slots that were unknown.'),
  missing: count.describe('Rows that the store lacked in known slots.'),
  surplus: count.describe('Stored rows that the exchange denies; nothing was changed.'),
  different: count.describe('Rows with another text; they are repaired.'),
};
const summary = {
  id: z.string(),
  kind: z.enum(['backfill', 'verification']),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  ...{ market: z.string(), timeframe: z.string(), from: instant, to: instant },
  cursor: instant.describe('All that opens at or after it is done.'),
  ...counts,
  verdict: z
    .enum(['equal', 'repaired', 'contradicted'])
    .optional()
    .describe('Of a finished verification.'),
  reason: z.string().optional().describe('Why it failed, or what held it up last.'),
  ...{ created: instant, updated: instant },
};

export const taskSchemas = {
  HistoryWish: z.object({
    market: z.string(),
    timeframe: z.enum(Timeframe.ALL.map(({ code }) => code)),
    from: z.string().describe('ISO 8601 with a zone, or a date: its midnight, UTC.'),
    to: z.string().optional().describe('Likewise; until now when left out.'),
  }),
  HistorySummary: z.object(summary),
  HistoryTask: z.object({
    ...summary,
    differences: z
      .array(z.looseObject({ open: instant, kind: z.enum(['missing', 'surplus', 'different']) }))
      .describe('The first 100.'),
  }),
  Reconciliation: z.object({
    ...{ runs: count, pages: count, calls: count, rows: count },
    ...{ differences: count, failures: count },
  }),
};

export const taskExample = {
  ...{ id: '8f14e45fceea167a5a36dedd4bea2543', kind: 'backfill', state: 'done' },
  ...{ market: 'KRW-BTC', timeframe: '1m' },
  ...{ from: '2026-01-05T00:00:00.000Z', to: '2026-01-06T00:00:00.000Z' },
  cursor: '2026-01-05T00:00:00.000Z',
  ...{ pages: 8, calls: 8, rows: 1_440, compared: 0, added: 1_440 },
  ...{ missing: 0, surplus: 0, different: 0 },
  ...{ created: '2026-01-06T00:10:00.000Z', updated: '2026-01-06T00:10:02.000Z' },
  differences: [],
};
