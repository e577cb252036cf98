import { parseEnvironment, type ProcessStart, variables } from '@candlekeep/lifecycle';
import { tracingVariables } from '@candlekeep/telemetry';
import { z } from 'zod';

/** Ten a second over a whole minute: the exchange itself does not stop a caller sooner. */
const LIMIT_PER_MINUTE = 600;
/** A sixth of the exchange's budget, so that work without end stays a polite guest. */
const LIMIT_PER_HOUR = 6_000;
/** A fifth of that: what callers wait for, and history, have the rest to themselves. */
const PRELOAD_CALLS_PER_HOUR = 1_200;

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
      /** Calls of the exchange that preloading may make in an hour, all workers together; 0: none. */
      PRELOAD_CALLS_PER_HOUR: capOf('an hour', 'for no early calls').default(
        PRELOAD_CALLS_PER_HOUR,
      ),
      /** Folder of JSON strategies that are activated at start; by default there is none. */
      STRATEGIES_DIR: z
        .string()
        .optional()
        .transform((folder) => (folder === '' ? undefined : folder)),
      ...tracingVariables('worker'),
    },
    environment,
  );
}

export type WorkerEnv = ReturnType<typeof readEnv>;

export type WorkerStart = ProcessStart<WorkerEnv>;

/** Digits alone: a space or "0x10" is a slip, and must not switch a cap off or move it. */
function capOf(window: string, zero = 'for no cap') {
  const error = `expected a whole number of calls ${window}, such as 600, at most seven digits; 0 ${zero}`;
  return z
    .string()
    .regex(/^\d{1,7}$/, error)
    .transform(Number);
}
