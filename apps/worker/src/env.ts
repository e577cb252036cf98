import { parseEnvironment, variables } from '@candlekeep/lifecycle';

/** Reads the worker's environment; throws `EnvironmentRefused` naming what is wrong. */
export function readEnv() {
  const { HOST, PORT, ...others } = variables;
  return parseEnvironment({ HOST, PORT: PORT.optional(), ...others }, process.env);
}

export type WorkerEnv = ReturnType<typeof readEnv>;
