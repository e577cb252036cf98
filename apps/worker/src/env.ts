import { parseEnvironment, variables } from '@candlekeep/lifecycle';
import { z } from 'zod';

/** Ten a second over a whole minute: the exchange itself does not stop a caller sooner. */
const LIMIT_PER_MINUTE = 600;
/** A sixth of the exchange's budget, so that work without end stays a polite guest. */
const LIMIT_PER_HOUR = 6_000;

/** Reads the worker's environment; throws `EnvironmentRefused` naming what is wrong. */
export function readEnv() {
  return parseEnv(process.env);
}

/** The worker's settings that these variables say; throws `EnvironmentRefused` naming what is wrong. */
export function parseEnv(environment: Readonly<Record<string, string | undefined>>) {
  const { HOST, PORT, ...others } = variables;
  return parseEnvironment(
    {
      ...{ HOST, PORT: PORT.optional(), ...others },
      /** Calls of one limit group and egress in any minute; 0 for no cap. */
      LIMIT_PER_MINUTE: capOf('a minute').default(LIMIT_PER_MINUTE),
      /** Calls of one limit group and egress in any hour; 0 for no cap. */
      LIMIT_PER_HOUR: capOf('an hour').default(LIMIT_PER_HOUR),
    },
    environment,
  );
}

export type WorkerEnv = ReturnType<typeof readEnv>;

/** Digits alone: a space or "0x10" is a slip, and must not switch a cap off or move it. */
function capOf(window: string) {
  const error = `expected a whole number of calls ${window}, such as 600, at most seven digits; 0 for no cap`;
  return z
    .string()
    .regex(/^\d{1,7}$/, error)
    .transform(Number);
}
