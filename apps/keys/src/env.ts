import { parseEnvironment, variables } from '@candlekeep/lifecycle';
import { z } from 'zod';

/** Reads where the keys are kept; throws `EnvironmentRefused` naming what is wrong. */
export function readEnv() {
  return parseEnvironment(
    {
      DATABASE_URL: variables.DATABASE_URL.optional(),
      CANDLEKEEP_FOLDER: z.string().default('.candlekeep'),
    },
    process.env,
  );
}
