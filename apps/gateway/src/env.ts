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

/** Encoded answers kept in the gateway's memory (L0), bytes; 0 keeps none. */
const l0MaxBytes = z.coerce
  .number('expected bytes as a whole number, such as 67108864; 0 for none')
  .int('expected a whole number of bytes')
  .min(0, 'expected 0 or more bytes')
  .default(64 * 1_024 * 1_024);

/** Reads the gateway's environment; throws `EnvironmentRefused` naming what is wrong. */
export function readEnv() {
  const { HOST, PORT, REDIS_URL, REDIS_CACHE_URL, DATABASE_URL } = variables;
  return parseEnvironment(
    {
      ...{ HOST, PORT: PORT.default(3000), REDIS_URL, REDIS_CACHE_URL, DATABASE_URL },
      CORS_ORIGINS: corsOrigins,
      L0_MAX_BYTES: l0MaxBytes,
    },
    process.env,
  );
}

export type GatewayEnv = ReturnType<typeof readEnv>;
