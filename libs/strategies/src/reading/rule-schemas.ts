import { z } from 'zod';
import { type Operator, OPERATORS } from '../strategy';
import { expected, expectedOneOf, onlyMembers } from './expectation';
import { numberSchema, wholeNumberSchema } from './field-schemas';
import { checkUse } from './variable-checks';
import { paramsSchema, useSchema, variableNameSchema } from './variable-schemas';

/** Conditions of one rule. */
const MAX_CONDITIONS = 20;
const MAX_TYPE_CHARACTERS = 64;
const MAX_PRIORITY = 1_000;
/** They hold a variable against its own past. */
const ALONE: readonly Operator[] = ['rising', 'falling'];

const conditionSchema = z
  .strictObject(
    {
      variable: variableNameSchema,
      params: paramsSchema.optional(),
      operator: z.enum(OPERATORS, { error: expectedOneOf(OPERATORS) }),
      value: numberSchema.optional(),
      external: useSchema.optional(),
    },
    { error: onlyMembers(['variable', 'params', 'operator', 'value', 'external']) },
  )
  .superRefine(checkUse, { when: () => true })
  .superRefine(checkComparison, { when: () => true })
  .meta({
    description:
      'Holds a variable against a value or against another variable (external); rising and falling stand alone.',
  });

const CONDITIONS = `1 to ${MAX_CONDITIONS} conditions in a list`;
const TYPE = `a text of 1 to ${MAX_TYPE_CHARACTERS} characters`;

export const ruleSchema = z.strictObject(
  {
    type: z
      .string({ error: expected(TYPE) })
      .min(1, { error: expected(TYPE) })
      .max(MAX_TYPE_CHARACTERS, { error: expected(TYPE) }),
    priority: wholeNumberSchema(0, MAX_PRIORITY).default(1),
    enabled: z.boolean({ error: expected('true or false') }).default(true),
    conditions: z
      .array(conditionSchema, { error: expected(CONDITIONS) })
      .min(1, { error: `expected ${CONDITIONS}` })
      .max(MAX_CONDITIONS, { error: `expected ${CONDITIONS}` }),
  },
  { error: onlyMembers(['type', 'priority', 'enabled', 'conditions']) },
);

export type GivenRule = z.output<typeof ruleSchema>;
export type GivenCondition = z.output<typeof conditionSchema>;

/** Tolerates whatever is wrong with the parts, so that it is told together with that. */
function checkComparison(given: unknown, context: z.core.$RefinementCtx): void {
  if (typeof given !== 'object' || given === null) return;
  const { operator, value, external }: Readonly<Record<string, unknown>> = { ...given };
  const report = (field: string, message: string): void => {
    context.addIssue({ code: 'custom', path: [field], message });
  };
  const sides = [value, external].filter((side) => side !== undefined).length;
  if (ALONE.some((name) => name === operator)) {
    const why = `${String(operator)} holds the variable against its own last value`;
    if (value !== undefined) report('value', `expected none: ${why}`);
    if (external !== undefined) report('external', `expected none: ${why}`);
  } else if (sides === 0) {
    report('value', 'expected a number here, or a variable in "external"; both are missing');
  } else if (sides === 2) {
    report('external', 'expected either "value" or "external"; both are given');
  }
}
