import {
  CommandRefused,
  type Flags,
  readFlags,
  readGatewayKey,
  readGatewayUrl,
} from '@candlekeep/command-line';
import { type MarketCode, parseMarketCode, Timeframe } from '@candlekeep/market';
import type { CalculatorEnv } from './env';
import {
  FLAGS,
  GATEWAY_URL,
  KEY_VARIABLE,
  MARKET,
  RANGES,
  SECONDS,
  TIMEFRAME,
  usageText,
} from './usage';

/** One table; tables until somebody leaves; or many calculators at once. */
export type Mode =
  | { readonly kind: 'once' }
  | { readonly kind: 'follow' }
  | {
      readonly kind: 'load';
      readonly instances: number;
      readonly seconds: number;
      /** From one question of a calculator to its next, ms; at once when not given. */
      readonly everyMs?: number;
    };

/** What the calculator is to do, checked. */
export interface Settings {
  readonly gatewayUrl: string;
  /** What the gateway is shown, where it asks for a key. */
  readonly apiKey?: string;
  readonly market: MarketCode;
  readonly timeframe: Timeframe;
  /** Indicators of closed candles alone. */
  readonly isClosedOnly: boolean;
  readonly mode: Mode;
}

/** Reads flags, and the environment for what they leave open. Throws {@link CommandRefused}. */
export function parseCommandLine(
  args: readonly string[],
  env: CalculatorEnv,
): Settings | { readonly help: string } {
  const flags = readFlags(args, FLAGS, KNOWN);
  if (flags.has('help')) return { help: usageText() };
  const take = (flag: string, variable: keyof CalculatorEnv, usual: string): Given => {
    const value = textOf(flags, flag);
    return value === undefined
      ? { name: variable, value: env[variable] ?? usual }
      : { name: `--${flag}`, value };
  };
  const mode = modeOf(flags);
  const apiKey = readGatewayKey(KEY_VARIABLE, env.CANDLEKEEP_KEY);
  return {
    gatewayUrl: urlOf(take('gateway', 'GATEWAY_URL', GATEWAY_URL)),
    ...(apiKey === undefined ? {} : { apiKey }),
    market: parsed(take('market', 'MARKET', MARKET), parseMarketCode),
    timeframe: timeframeFor(mode, take('timeframe', 'TIMEFRAME', TIMEFRAME)),
    isClosedOnly: flags.has('closed'),
    mode,
  };
}

const KNOWN = 'known are';
const SECONDS_TIMEFRAME = Timeframe.parse('1s');

/** A value, and who gave it. */
interface Given {
  readonly name: string;
  readonly value: string;
}

function modeOf(flags: Flags): Mode {
  const instances = countOf(flags, 'instances');
  if (instances === undefined) {
    const stray = ['seconds', 'every'].find((name) => flags.has(name));
    if (stray !== undefined) refuse(`--${stray} is of load alone: give --instances as well`);
    return { kind: flags.has('once') ? 'once' : 'follow' };
  }
  if (flags.has('once')) refuse('--once shows a table and --instances makes load: give one');
  const everyMs = countOf(flags, 'every');
  return {
    ...{ kind: 'load', instances, seconds: countOf(flags, 'seconds') ?? SECONDS },
    ...(everyMs === undefined ? {} : { everyMs }),
  };
}

/** A stream of seconds would be refused for good, and with it whatever else is followed. */
function timeframeFor({ kind }: Mode, given: Given): Timeframe {
  const timeframe = parsed(given, (code) => Timeframe.parse(code));
  if (kind === 'follow' && timeframe === SECONDS_TIMEFRAME) {
    throw new CommandRefused(`${given.name}: seconds are not streamed: use --once`);
  }
  return timeframe;
}

function countOf(flags: Flags, name: keyof typeof RANGES): number | undefined {
  const text = textOf(flags, name);
  if (text === undefined) return undefined;
  const { min, max } = RANGES[name];
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (count >= min && count <= max) return count;
  throw new CommandRefused(
    `--${name}: "${text}" is not a whole number from ${min} to ${max.toLocaleString('en-US')}`,
  );
}

function parsed<T>({ name, value }: Given, parse: (text: string) => T): T {
  try {
    return parse(value);
  } catch (error) {
    throw new CommandRefused(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function urlOf({ name, value }: Given): string {
  return readGatewayUrl(name, value);
}

function textOf(flags: Flags, name: string): string | undefined {
  const value = flags.get(name);
  return typeof value === 'string' ? value : undefined;
}

function refuse(reason: string): never {
  const known = Object.keys(FLAGS).map((name) => `--${name}`);
  throw new CommandRefused(`${reason}; ${KNOWN} ${known.join(', ')}`);
}
