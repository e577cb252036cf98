/** A library under `libs/`: one reason to exist, one door, and what it may look at. */
export interface Room {
  readonly floor: number;
  readonly reason: string;
  readonly mayImport: readonly string[];
}

/** A process under `apps/`. It may import every room that its own rules leave open. */
export interface App {
  readonly reason: string;
  /** When given, the only rooms it may import. */
  readonly only?: readonly string[];
  /** Rooms it may not import. */
  readonly never?: readonly string[];
  /** Files of other apps that it may import all the same: `apps/<app>/src/<file>`, without the extension. */
  readonly files?: readonly string[];
  /** npm packages that would take it round the rooms it may not import. */
  readonly neverPackages?: readonly string[];
}

/** npm packages that one folder alone may import. */
export interface KeptPackages {
  /** How their names begin. */
  readonly names: string;
  readonly folder: string;
  /** What everybody else does. */
  readonly instead: string;
}

/** The house as the tests see it. */
export interface House {
  readonly rooms: Readonly<Record<string, Room>>;
  readonly apps: Readonly<Record<string, App>>;
  readonly kept: readonly KeptPackages[];
}

const FLOOR_0: Record<string, Room> = {
  market: { floor: 0, reason: 'the words of the trade, pure', mayImport: [] },
  clock: { floor: 0, reason: 'time and chance are inputs, so tests own them', mayImport: [] },
  'command-line': { floor: 0, reason: 'what people type is read once', mayImport: [] },
};

const FLOOR_1: Record<string, Room> = {
  telemetry: {
    floor: 1,
    reason: 'a metric has one name and one unit; logs, traces; redaction',
    mayImport: ['clock'],
  },
  redis: {
    floor: 1,
    reason: 'connections by role, scripts, key space',
    mayImport: ['clock', 'telemetry'],
  },
  postgres: {
    floor: 1,
    reason: 'pool, migrations, Timescale detection',
    mayImport: ['clock', 'telemetry'],
  },
  variables: {
    floor: 1,
    reason: 'trading variables, and how many candles each needs',
    mayImport: ['market'],
  },
  lifecycle: {
    floor: 1,
    reason: 'a process starts, says that it is ready, and stops in order',
    mayImport: ['clock', 'telemetry'],
  },
};

const FLOOR_2: Record<string, Room> = {
  access: {
    floor: 2,
    reason: 'who may ask, and how much',
    mayImport: ['market', 'clock', 'redis', 'postgres', 'telemetry'],
  },
  'rate-limiter': {
    floor: 2,
    reason: "the exchange's patience is one shared resource",
    mayImport: ['clock', 'redis', 'telemetry'],
  },
  lease: {
    floor: 2,
    reason: 'one holder at a time, and a token that tells the newest',
    mayImport: ['clock', 'redis', 'telemetry'],
  },
  'day-counts': {
    floor: 2,
    reason: 'what all processes did today, as one sum',
    mayImport: ['clock', 'redis', 'telemetry'],
  },
  'log-levels': {
    floor: 2,
    reason: 'how much running processes say',
    mayImport: ['clock', 'redis', 'telemetry'],
  },
  feed: {
    floor: 2,
    reason: 'the stream inside the house: live tells, gateways hear',
    mayImport: ['market', 'clock', 'redis', 'telemetry'],
  },
  jobs: {
    floor: 2,
    reason: 'producer and consumer agree once',
    mayImport: ['market', 'clock', 'redis', 'telemetry'],
  },
};

const FLOOR_3: Record<string, Room> = {
  'exchange-client': {
    floor: 3,
    reason: 'the outside dialect stays outside',
    mayImport: ['market', 'clock', 'rate-limiter', 'telemetry'],
  },
  'candle-store': {
    floor: 3,
    reason: 'what is kept for good, in Postgres',
    mayImport: ['market', 'clock', 'postgres', 'telemetry'],
  },
  'candle-cache': {
    floor: 3,
    reason: 'a question in, candles out, at most one load',
    mayImport: ['market', 'clock', 'redis', 'telemetry'],
  },
  strategies: {
    floor: 3,
    reason: 'what a strategy needs, and which are active',
    mayImport: ['market', 'clock', 'variables', 'postgres', 'telemetry'],
  },
  usage: {
    floor: 3,
    reason: 'what callers habitually ask',
    mayImport: ['market', 'clock', 'redis', 'postgres', 'telemetry'],
  },
};

const FLOOR_4: Record<string, Room> = {
  history: {
    floor: 4,
    reason: 'long work on what is stored: bring it, check it, mend it',
    mayImport: ['market', 'clock', 'postgres', 'jobs', 'candle-store', 'candle-cache', 'telemetry'],
  },
  'live-candles': {
    floor: 4,
    reason: 'what the exchange’s stream proves, and when it is not to be believed',
    mayImport: ['market', 'clock', 'exchange-client', 'candle-cache', 'telemetry'],
  },
  'queue-source': {
    floor: 4,
    reason: 'the way from a cache to the workers',
    mayImport: ['market', 'jobs', 'candle-cache'],
  },
  preloader: {
    floor: 4,
    reason: 'what is worth knowing early',
    mayImport: [
      ...['market', 'clock', 'redis', 'postgres', 'jobs', 'lease'],
      ...['candle-cache', 'strategies', 'usage', 'telemetry'],
    ],
  },
  client: {
    floor: 4,
    reason: "the calculators' SDK, publishable on its own",
    mayImport: ['market'],
  },
};

const APPS: Record<string, App> = {
  gateway: { reason: 'answers calculators', never: ['exchange-client'] },
  worker: { reason: 'takes jobs' },
  live: { reason: 'holds the exchange stream' },
  'exchange-simulator': { reason: 'an independent witness', only: ['market', 'clock'] },
  calculator: {
    reason: 'asks the gateway as real calculators do',
    never: ['redis', 'postgres', 'jobs', 'rate-limiter', 'candle-store', 'candle-cache'],
    neverPackages: ['ioredis', 'bullmq', 'pg'],
  },
  operator: {
    reason: 'commands for people, over the gateway alone',
    only: ['market', 'clock', 'command-line'],
    neverPackages: ['ioredis', 'bullmq', 'pg'],
  },
  doctor: {
    reason: 'looks at everything that a start will depend on',
    // What an app takes from its environment is said once, in its env.ts; what `npm start` would find, in its own files.
    files: [
      ...['gateway', 'worker', 'live', 'standalone'].map((app) => `apps/${app}/src/env`),
      ...['exchange', 'ports/free-port', 'ports/url-at', 'processes/running-house'].map(
        (file) => `apps/standalone/src/${file}`,
      ),
    ],
  },
  keys: {
    reason: 'makes keys, also the first, before any gateway runs',
    only: ['access', 'clock', 'command-line', 'lifecycle', 'postgres', 'telemetry'],
    files: ['apps/standalone/src/processes/running-house'],
  },
  standalone: { reason: 'brings everything up, holds no domain logic', only: ['clock'] },
};

const KEPT: readonly KeptPackages[] = [
  {
    names: '@opentelemetry/',
    // Loaded only where a collector is named.
    folder: 'libs/telemetry/src/tracing/opentelemetry/',
    instead: 'use inSpan and Tracing of "@candlekeep/telemetry"',
  },
];

/** Every room and app of the project, and what each may look at. A change here is a change of architecture. */
export const HOUSE: House = {
  rooms: { ...FLOOR_0, ...FLOOR_1, ...FLOOR_2, ...FLOOR_3, ...FLOOR_4 },
  apps: APPS,
  kept: KEPT,
};

/** All rooms that code in `room` can reach by following allowed imports, `room` itself included. */
export function reachableFrom(room: string, { rooms }: House): ReadonlySet<string> {
  const reached = new Set([room]);
  for (const name of reached) rooms[name]?.mayImport.forEach((next) => reached.add(next));
  return reached;
}
