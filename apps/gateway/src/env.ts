import { isLoopback, parseEnvironment, type ProcessStart, variables } from '@candlekeep/lifecycle';
import { tracingVariables } from '@candlekeep/telemetry';
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

/** Whether whoever asks needs a key; by default where others than this machine can ask. */
const auth = z.enum(['keys', 'off'], 'expected keys or off').optional();

/** Whether a key may stand in the URL as `?key=`, for clients that cannot send a header. */
const authQueryKey = z.enum(['on', 'off'], 'expected on or off').default('off');

/** Where the administration has a door of its own: address, and port. Without a port it is at the common one. */
const adminDoor = {
  ADMIN_HOST: variables.HOST,
  ADMIN_PORT: variables.PORT.optional(),
};

/** Reads the gateway's environment; throws `EnvironmentRefused` naming what is wrong. */
export function readEnv() {
  return parseEnv(process.env);
}

/** The gateway's settings that these variables say; throws `EnvironmentRefused` naming what is wrong. */
export function parseEnv(environment: Readonly<Record<string, string | undefined>>) {
  const { HOST, PORT, REDIS_URL, REDIS_CACHE_URL, DATABASE_URL } = variables;
  const { LOG_LEVEL, DRAIN_NOTICE_MS, BUILD_COMMIT } = variables;
  const given = parseEnvironment(
    {
      ...{ HOST, PORT: PORT.default(3000), REDIS_URL, REDIS_CACHE_URL, DATABASE_URL },
      ...{ LOG_LEVEL, DRAIN_NOTICE_MS, BUILD_COMMIT },
      CORS_ORIGINS: corsOrigins,
      L0_MAX_BYTES: l0MaxBytes,
      ...{ AUTH: auth, AUTH_QUERY_KEY: authQueryKey, ...adminDoor },
      ...tracingVariables('gateway'),
    },
    environment,
  );
  return { ...given, AUTH: given.AUTH ?? defaultAuth(given) };
}

interface Doors {
  readonly HOST: string;
  readonly ADMIN_HOST: string;
  readonly ADMIN_PORT?: number | undefined;
}

/** Without keys only where nobody but this machine can come, by either door. */
function defaultAuth({ HOST, ADMIN_HOST, ADMIN_PORT }: Doors): 'keys' | 'off' {
  const hosts = ADMIN_PORT === undefined ? [HOST] : [HOST, ADMIN_HOST];
  return hosts.every(isLoopback) ? 'off' : 'keys';
}

export type GatewayEnv = ReturnType<typeof readEnv>;

export type GatewayStart = ProcessStart<GatewayEnv>;
