import { z } from 'zod';
import { expected, onlyMembers } from './expectation';
import { idSchema, marketSchema, timeframeSchema, wholeNumberSchema } from './field-schemas';
import { FLAT_FIELDS } from './flat-fields';
import { ruleSchema } from './rule-schemas';

const MAX_MANAGEMENT_RULES = 5;
const RULES = `a list of at most ${MAX_MANAGEMENT_RULES} rules`;

/** Members of both forms. */
const head = {
  strategyId: idSchema.optional(),
  positionId: idSchema.optional(),
  market: marketSchema.optional(),
  symbol: marketSchema.optional(),
  timeframe: timeframeSchema,
};
const HEAD = Object.keys(head);

/** A strategy with rules. */
export const rulesFormSchema = z
  .strictObject(
    {
      ...head,
      entry: ruleSchema.optional(),
      management: z
        .array(ruleSchema, { error: expected(RULES) })
        .max(MAX_MANAGEMENT_RULES, { error: `expected ${RULES}` })
        .default([]),
    },
    { error: onlyMembers([...HEAD, 'entry', 'management']) },
  )
  .superRefine(checkMarket, { when: () => true })
  .superRefine(checkRules, { when: () => true })
  .meta({ description: 'One entry rule and up to five management rules; at least one of all.' });

const flatFields = Object.fromEntries(
  FLAT_FIELDS.map(({ name, min, max }) => [name, wholeNumberSchema(min, max).optional()]),
);

/** A list of periods: what a calculator computes of one series. */
export const flatFormSchema = z
  .strictObject(
    { ...flatFields, ...head },
    { error: onlyMembers([...HEAD, ...FLAT_FIELDS.map(({ name }) => name)]) },
  )
  .superRefine(checkMarket, { when: () => true })
  .superRefine(checkPeriods, { when: () => true })
  .meta({
    description: 'The periods of the variables that are computed of one series; at least one.',
  });

/** A strategy as users write it, in either form. Numbers may be given as texts. */
export const strategySchema = z.union([rulesFormSchema, flatFormSchema]);

function checkMarket(given: unknown, context: z.core.$RefinementCtx): void {
  if (!isObject(given)) return;
  const { market, symbol }: Readonly<Record<string, unknown>> = { ...given };
  if (market === undefined && symbol === undefined) {
    report(context, 'market', 'expected one pair such as KRW-BTC; nothing is none');
  } else if (market !== undefined && symbol !== undefined) {
    report(context, 'symbol', 'expected either "market" or "symbol"; both are given');
  }
}

function checkRules(given: unknown, context: z.core.$RefinementCtx): void {
  if (!isObject(given)) return;
  const { entry, management }: Readonly<Record<string, unknown>> = { ...given };
  if (entry !== undefined || (management !== undefined && !isEmptyList(management))) return;
  report(context, 'entry', 'expected a rule here or in "management"; there is none');
}

function checkPeriods(given: unknown, context: z.core.$RefinementCtx): void {
  if (!isObject(given)) return;
  const isGiven = FLAT_FIELDS.some(({ name }) => name in given);
  if (!isGiven)
    report(context, 'RSI_period', 'expected at least one period such as this one; there is none');
}

function isObject(given: unknown): given is object {
  return typeof given === 'object' && given !== null;
}

function isEmptyList(given: unknown): boolean {
  return Array.isArray(given) && given.length === 0;
}

function report(context: z.core.$RefinementCtx, field: string, message: string): void {
  context.addIssue({ code: 'custom', path: [field], message });
}
