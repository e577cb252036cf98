import { z } from 'zod';
import { isLoopback } from './loopback';

/** A process was told something that cannot be; the message lists every wrong variable. */
export class EnvironmentRefused extends Error {
  override readonly name = 'EnvironmentRefused';
  readonly code = 'ENVIRONMENT_REFUSED';
  readonly retryable = false;
}

const port = z.coerce.number().int().min(0).max(65_535);

/** The environment variables that several processes share, each with its rule. */
export const variables = {
  /** Address to listen on. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** TCP port; 0 takes any free one. */
  PORT: port,
  /** Queue, limiter, leases: a server with `noeviction`. */
  REDIS_URL: redisUrl(),
  /** L1 candles; `REDIS_URL` when not given. */
  REDIS_CACHE_URL: redisUrl().optional(),
  /** Postgres 14 or later. */
  DATABASE_URL: urlOf('postgres', 'postgresql'),
  /** REST base of the exchange, without `/v1`. */
  UPBIT_REST_URL: urlOf('https', 'http')
    .refine((url) => !url.includes('@'), 'expected a URL without user and password')
    .default('https://api.upbit.com'),
  /** The exchange's stream. */
  UPBIT_WS_URL: urlOf('wss', 'ws')
    .refine((url) => !url.includes('@'), 'expected a URL without user and password')
    .default('wss://api.upbit.com/websocket/v1'),
  /** Names the egress IP whose budget this process spends. */
  EGRESS_ID: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'expected letters, digits, ".", "_" or "-"')
    .default('default'),
  /** From which level on lines are logged; may be changed for a while at run time. */
  LOG_LEVEL: z
    .enum(
      ['debug', 'info', 'warn', 'error', 'silent'],
      'expected debug, info, warn, error or silent',
    )
    .default('info'),
  /** How long a process that is told to stop says so to probes before its door shuts, ms. */
  DRAIN_NOTICE_MS: z
    .string()
    .regex(/^\d{1,5}$/, 'expected whole milliseconds, such as 5000; 0 for none')
    .transform(Number)
    .optional(),
  /** Names what was built, for people. */
  BUILD_COMMIT: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'expected a commit, such as 7e38f28')
    .optional(),
} as const;

/** The time between two probes of a load balancer, and a little, ms. */
const DRAIN_NOTICE_MS = 5_000;

/** How long a stop is announced: as it is set, else for 5 s where others than this machine can ask. */
export function drainNoticeMs(env: {
  readonly HOST: string;
  readonly DRAIN_NOTICE_MS?: number | undefined;
}): number {
  return env.DRAIN_NOTICE_MS ?? (isLoopback(env.HOST) ? 0 : DRAIN_NOTICE_MS);
}

/**
 * Reads a process' environment. An empty variable counts as not given. Throws {@link EnvironmentRefused} that names each
 * wrong variable with what would be right; values are not repeated, since they may hold passwords.
 */
export function parseEnvironment<Shape extends z.ZodRawShape>(
  shape: Shape,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<z.ZodObject<Shape>> {
  const given = Object.entries(environment).filter(([, value]) => value !== '');
  const parsed = z.object(shape).safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new EnvironmentRefused(`the environment cannot be used. ${wrong.join('; ')}`);
}

/** A database that is no number would be asked for as one, over and over. */
function redisUrl(): z.ZodString {
  return urlOf('redis', 'rediss').refine(
    (url) => !URL.canParse(url) || /^\/?\d*$/.test(new URL(url).pathname),
    'expected nothing behind the port but the number of a database: redis://host:6379/0',
  );
}

function urlOf(...schemes: readonly string[]): z.ZodString {
  const expected = schemes.map((scheme) => `${scheme}://`).join(' or ');
  return z
    .string({ error: `required: a URL that begins with ${expected}` })
    .regex(
      new RegExp(`^(?:${schemes.join('|')})://\\S+$`),
      `expected a URL that begins with ${expected}`,
    );
}
