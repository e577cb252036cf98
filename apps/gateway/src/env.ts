import { parseEnvironment, variables } from '@candlekeep/lifecycle';

/** Reads the gateway's environment; throws `EnvironmentRefused` naming what is wrong. */
export function readEnv() {
  const { HOST, PORT, REDIS_URL, REDIS_CACHE_URL, DATABASE_URL } = variables;
  return parseEnvironment(
    { HOST, PORT: PORT.default(3000), REDIS_URL, REDIS_CACHE_URL, DATABASE_URL },
    process.env,
  );
}

export type GatewayEnv = ReturnType<typeof readEnv>;
