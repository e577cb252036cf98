import path from 'node:path';
import { z } from 'zod';
import { Exchange, folderNameOf, streamUrlOf, upbitUrl } from './exchange';
import type { GivenServers } from './servers/local-servers';
import { StartFailure } from './start-failure';

type Variables = NodeJS.ProcessEnv;

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly exchange: Exchange;
  readonly given: GivenServers;
  readonly egressId: string;
  /** What live follows: `*` for all KRW markets, or codes with commas between them. */
  readonly liveMarkets: string;
  /** Where the exchange tells its stream, when that is not said by its REST address. */
  readonly streamUrl: string | undefined;
  readonly folders: Folders;
  /** Folders to look for programs in. */
  readonly searchPath: string;
}

/** Absolute paths. */
export interface Folders {
  /** Everything of this copy of Candlekeep. */
  readonly state: string;
  /** Data and logs of this copy with this exchange. */
  readonly exchange: string;
  /** What was fetched once for the whole project. */
  readonly cache: string;
}

// A worker, for one, opens a health port only when PORT is set: these must not reach it by inheritance.
const ours: ReadonlySet<string> = new Set(['HOST', 'PORT', 'CANDLEKEEP_FOLDER']);

const urlOf = (protocol: RegExp, example: string) =>
  z.url({ protocol, error: `must be an address such as ${example}` }).optional();

// Live reads this itself, by this rule.
const market = '[A-Z0-9]{2,10}-[A-Z0-9]{1,20}';
const markets = new RegExp(`^\\s*(?:\\*|${market}(?:\\s*,\\s*${market})*)\\s*$`);

// The worker reads these itself, by this rule: a slip is told here before anything is brought up.
const callsOf = (zero: string) =>
  z
    .string()
    .regex(
      /^\d{1,7}$/,
      `must be a whole number of calls such as 600, at most seven digits; 0 for ${zero}`,
    )
    .optional();
const cap = callsOf('no cap');

/** Every variable that is read, with its rule. */
export const schema = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce
    .number({ error: 'must be a port number' })
    .int('must be a whole number')
    .min(1, 'must be from 1 to 65535')
    .max(65_535, 'must be from 1 to 65535')
    .default(3000),
  REDIS_URL: urlOf(/^rediss?$/, 'redis://127.0.0.1:6379'),
  REDIS_CACHE_URL: urlOf(/^rediss?$/, 'redis://127.0.0.1:6380'),
  DATABASE_URL: urlOf(/^postgres(ql)?$/, 'postgres://user:password@127.0.0.1:5432/candlekeep'),
  UPBIT_REST_URL: urlOf(/^https?$/, upbitUrl),
  UPBIT_WS_URL: urlOf(/^wss?$/, streamUrlOf(upbitUrl)),
  LIVE_MARKETS: z
    .string()
    .regex(markets, 'must be "*" or markets such as KRW-BTC,KRW-ETH')
    .default('*'),
  EGRESS_ID: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"')
    .default('default'),
  LIMIT_PER_MINUTE: cap,
  LIMIT_PER_HOUR: cap,
  PRELOAD_CALLS_PER_HOUR: callsOf('no early calls'),
  CANDLEKEEP_FOLDER: z.string().default('.candlekeep'),
  PATH: z.string().default(''),
});

/** The settings of this process. Throws StartFailure naming each variable that is wrong. */
export function readSettings(args: readonly string[]): Settings {
  return parseSettings(process.env, args);
}

/** The settings that these variables and arguments say; a variable that is set to nothing counts as not set. */
export function parseSettings(variables: Variables, args: readonly string[]): Settings {
  const set = Object.entries(variables).filter(([, value]) => value !== '');
  const parsed = schema.safeParse(Object.fromEntries(set));
  if (!parsed.success) throw new StartFailure(complaint(parsed.error, variables));
  const env = parsed.data;
  const exchange = chooseExchange(env.UPBIT_REST_URL, args.includes('--live-exchange'));
  requireOneExchange(exchange, env.UPBIT_WS_URL);
  const state = path.resolve(env.CANDLEKEEP_FOLDER);
  return {
    host: env.HOST,
    port: env.PORT,
    exchange,
    given: {
      redisUrl: env.REDIS_URL,
      redisCacheUrl: env.REDIS_CACHE_URL,
      databaseUrl: env.DATABASE_URL,
    },
    egressId: env.EGRESS_ID,
    liveMarkets: env.LIVE_MARKETS,
    streamUrl: env.UPBIT_WS_URL,
    folders: {
      state,
      exchange: path.join(state, folderNameOf(exchange)),
      cache: projectCacheFolder(),
    },
    searchPath: env.PATH,
  };
}

/** Where what was fetched once is kept; every start and every test run of the project shares it. */
export function projectCacheFolder(): string {
  return path.resolve('.candlekeep', 'cache');
}

/** Folders to look for programs in, as this process was given them. */
export function inheritedSearchPath(): string {
  return process.env.PATH ?? '';
}

/** What a child process gets: our own environment without the variables that speak to us alone, and `own` on top. */
export function childEnvironment(own: Readonly<Record<string, string>>): Variables {
  const inherited = Object.entries(process.env).filter(([name]) => !ours.has(name));
  return { ...Object.fromEntries(inherited), ...own };
}

function chooseExchange(url: string | undefined, live: boolean): Exchange {
  if (live && url !== undefined && new URL(url).host !== new URL(upbitUrl).host) {
    throw new StartFailure(
      `start:live-exchange means ${upbitUrl}, but UPBIT_REST_URL says ${url}. ` +
        'Unset UPBIT_REST_URL, or run npm start to use that address.',
    );
  }
  if (url !== undefined) return { kind: 'address', url };
  return live ? { kind: 'address', url: upbitUrl } : { kind: 'simulator' };
}

// Rows from one exchange and the stream of another would be wrong answers that nobody could see.
function requireOneExchange(exchange: Exchange, streamUrl: string | undefined): void {
  if (exchange.kind === 'address' || streamUrl === undefined) return;
  throw new StartFailure(
    'UPBIT_WS_URL names a stream, but candles would come from the simulator. ' +
      'Unset UPBIT_WS_URL, or set UPBIT_REST_URL to the same exchange.',
  );
}

// Addresses hold passwords, so only what cannot is shown as they were given.
const shown: ReadonlySet<string> = new Set([
  'PORT',
  'LIMIT_PER_MINUTE',
  'LIMIT_PER_HOUR',
  'PRELOAD_CALLS_PER_HOUR',
  'LIVE_MARKETS',
]);

function complaint(error: z.ZodError, variables: Variables): string {
  const lines = error.issues.map((issue) => {
    const name = issue.path.join('.');
    const said = shown.has(name) ? `, but is "${variables[name] ?? ''}"` : '';
    return `  ${name} ${issue.message}${said}`;
  });
  return `The environment cannot be used; correct this and start again:\n${lines.join('\n')}`;
}
