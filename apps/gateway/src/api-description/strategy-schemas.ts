import { OPERATORS, strategySchema, variableUseSchema } from '@candlekeep/strategies';
import { VARIABLES } from '@candlekeep/variables';
import { z } from 'zod';

const instant = z.iso.datetime().describe('ISO 8601, UTC.');
const series = {
  market: z.string(),
  timeframe: z.string().describe('A code such as 15m, 60m, 1d.'),
};
const candles = z.int().nonnegative();
const periods = z.record(z.string(), candles).describe('All periods, by parameter.');

/** A variable as it was read, one level of sources shown as they nest. */
const readUse = z.object({
  ...{ variable: z.enum(VARIABLES), periods, ...series },
  source: z
    .unknown()
    .optional()
    .describe('The variable of whose values it is computed; as this one.'),
});

const readRule = z.object({
  where: z.string().describe('Its place in the document.'),
  ...{ type: z.string(), priority: z.int(), enabled: z.boolean() },
  conditions: z.array(
    z.object({
      ...readUse.shape,
      operator: z.enum(OPERATORS),
      value: z.number().optional(),
      external: readUse.optional(),
    }),
  ),
});

const kept = {
  ...{ id: z.string(), isActive: z.boolean() },
  revision: z.int().describe('Of its last change; later changes of any strategy have larger ones.'),
  ...{ created: instant, updated: instant },
};
const summary = { ...kept, ...series, positionId: z.string().optional() };
const unreadable = z
  .object({ ...kept, unreadable: z.string().describe('What is wrong with its document.') })
  .describe('Kept by a gateway of another version; this one does not take its document.');

export const runSchema = z
  .object({
    ...{ id: z.string(), strategy: z.string() },
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    total: candles.describe('Pages in all; 0 until the needs have been looked up.'),
    done: candles.describe('Pages at hand.'),
    calls: candles.describe('Calls of the exchange so far.'),
    reason: z.string().optional().describe('What it is held up by, or why it ended so.'),
    ...{ created: instant, updated: instant },
  })
  .describe('Bringing what one strategy needs.');

const reason = z.object({
  where: z.string().describe('The condition: management[1].conditions[0].external.'),
  variable: z.string(),
  candles: candles.describe('Without the margin.'),
  because: z.string(),
});

const view = z.object({
  ...summary,
  rules: z.array(readRule).describe('As they were read; empty in the flat form.'),
  periods: z
    .array(z.object({ field: z.string(), variable: z.enum(VARIABLES), candles }))
    .describe('The lines of the flat form; empty in the form with rules.'),
  document: z.unknown().describe('As it was given.'),
  run: runSchema.optional().describe('Where the change made one.'),
});

/** The shapes of strategies. */
export const strategySchemas = {
  VariableUse: variableUseSchema,
  Strategy: strategySchema,
  StrategySummary: z.union([z.object(summary), unreadable]),
  StrategyView: view,
  SwitchedStrategy: z.union([view, unreadable]),
  StrategyNeeds: z.object({
    id: z.string(),
    startUpError: z
      .number()
      .describe('How much of a value may come from earlier candles; 0.001 is 0.1 %.'),
    margin: candles.describe('Candles that are added to the largest reason of each series.'),
    needs: z.array(z.object({ ...series, candles, reasons: z.array(reason) })),
  }),
  PreloadRun: runSchema,
} as const;
