import { parseEnvironment, variables } from '@candlekeep/lifecycle';
import { z } from 'zod';

/** Origins (`https://host`, comma-separated) whose pages may read answers; none by default. `*` means every page. */
const corsOrigins = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .transform((origins) => origins.filter((origin) => origin !== ''))
  .refine(
    (origins) => origins.every((origin) => origin === '*' || /^https?:\/\/[^/\s]+$/.test(origin)),
    'expected origins such as https://charts.example.com, separated by commas, or *',
  );

/** Reads the gateway's environment; throws `EnvironmentRefused` naming what is wrong. */
export function readEnv() {
  const { HOST, PORT, REDIS_URL, REDIS_CACHE_URL, DATABASE_URL } = variables;
  return parseEnvironment(
    {
      ...{ HOST, PORT: PORT.default(3000), REDIS_URL, REDIS_CACHE_URL, DATABASE_URL },
      CORS_ORIGINS: corsOrigins,
    },
    process.env,
  );
}

export type GatewayEnv = ReturnType<typeof readEnv>;
