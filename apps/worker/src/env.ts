import { parseEnvironment, variables } from '@candlekeep/lifecycle';
import { z } from 'zod';

/** Half of the exchange's ten calls a second: the other half is always left for those who wait for an answer. */
const HISTORY_PAGES_PER_SECOND = 5;
const EXPECTED = 'expected 1 to 9 pages a second';

/** Reads the worker's environment; throws `EnvironmentRefused` naming what is wrong. */
export function readEnv() {
  const { HOST, PORT, ...others } = variables;
  return parseEnvironment(
    {
      ...{ HOST, PORT: PORT.optional(), ...others },
      /** Pages that backfill, verification and reconciliation together may ask for in a second, per egress. */
      HISTORY_PAGES_PER_SECOND: z.coerce
        .number({ error: EXPECTED })
        .int(EXPECTED)
        .min(1, EXPECTED)
        .max(9, EXPECTED)
        .default(HISTORY_PAGES_PER_SECOND),
    },
    process.env,
  );
}

export type WorkerEnv = ReturnType<typeof readEnv>;
