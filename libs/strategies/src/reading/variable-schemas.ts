import { PERIOD_NAMES, type Variable, VARIABLES } from '@candlekeep/variables';
import { z } from 'zod';
import { expectedOneOf, onlyMembers } from './expectation';
import {
  followingTimeframeSchema,
  marketSchema,
  numberSchema,
  wholeNumberSchema,
} from './field-schemas';
import { checkUse } from './variable-checks';

/** The names as a message lists them. */
const NAMES = `${VARIABLES.filter((name) => !name.startsWith('price_change_')).join(', ')}, price_change_<1, 3, 5, 10, 15, 30, 60 or 240>m`;
/** No variable's period is longer; each has its own range besides. */
const LONGEST = 1_000;

export const variableNameSchema = z.enum(VARIABLES, { error: expectedOneOf(VARIABLES, NAMES) });

/** A variable as a document names it, checked. */
export interface GivenUse {
  readonly variable: Variable;
  readonly params?: z.output<typeof paramsSchema> | undefined;
}

const period = wholeNumberSchema(1, LONGEST).optional();

/** Of whose values a variable is computed: `{ "variable": "RSI", "params": { "period": 14 } }`. */
const sourceSchema: z.ZodType<GivenUse> = z.lazy(() => useSchema);

export const paramsSchema = z.strictObject(
  {
    ...{ period, fast: period, slow: period, signal: period, k: period, d: period },
    deviations: numberSchema.optional(),
    timeframe: followingTimeframeSchema.optional(),
    market: marketSchema.optional(),
    source: sourceSchema.optional(),
  },
  { error: onlyMembers([...PERIOD_NAMES, 'deviations', 'timeframe', 'market', 'source']) },
);

/** A variable with its parameters, as it stands behind `external` and `source`. */
export const useSchema = z
  .strictObject(
    { variable: variableNameSchema, params: paramsSchema.optional() },
    { error: onlyMembers(['variable', 'params']) },
  )
  .superRefine(checkUse, { when: () => true });
