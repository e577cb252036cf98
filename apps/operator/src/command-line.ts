import {
  CommandRefused,
  type Flag,
  type Flags,
  readFlags,
  readGatewayUrl,
} from '@candlekeep/command-line';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { COMMANDS, type CommandName, usageOf, usageOfAll } from './usage';

/** What the command line says, flags by their names. */
export interface CommandLine {
  readonly command: CommandName;
  readonly flags: Flags;
}

/** Either a command to run, or a text to print instead. */
export type ParsedLine = CommandLine | { readonly command: 'help'; readonly text: string };

/** Reads `backfill --market KRW-BTC …`. Throws {@link CommandRefused} that lists what is known. */
export function parseCommandLine([name, ...args]: readonly string[]): ParsedLine {
  if (name === undefined || isHelp(name)) {
    const about = findCommand(args[0]);
    return { command: 'help', text: about === undefined ? usageOfAll() : usageOf(about) };
  }
  const command = findCommand(name);
  if (command === undefined) {
    throw new CommandRefused(
      `there is no command "${name}": choose one of ${Object.keys(COMMANDS).join(', ')}`,
    );
  }
  const flags = parseFlags(command, args);
  if (flags.has('help')) return { command: 'help', text: usageOf(command) };
  return { command, flags };
}

/** The value of a flag that must be there. */
export function requireFlag({ command, flags }: CommandLine, name: string): string {
  const value = flags.get(name);
  if (typeof value === 'string') return value;
  throw new CommandRefused(`--${name} is missing: ${describe(COMMANDS[command].flags, name)}`);
}

/** The value of a flag, or undefined. */
export function findFlag({ flags }: CommandLine, name: string): string | undefined {
  const value = flags.get(name);
  return typeof value === 'string' ? value : undefined;
}

function parseFlags(command: CommandName, args: readonly string[]): Flags {
  const given = readFlags(args, COMMANDS[command].flags, `${command} knows`);
  if (given.has('help')) return given;
  refuseBesideCancel(command, given);
  return new Map([...given].map(([name, value]) => [name, checked(name, value)]));
}

/** A task is cancelled by its id alone: what stands beside it would be left unread. */
function refuseBesideCancel(command: CommandName, given: Flags): void {
  if (!given.has('cancel')) return;
  const beside = [...given.keys()].find((name) => !['cancel', 'gateway', 'help'].includes(name));
  if (beside !== undefined) refuse(command, `--cancel goes without --${beside}`);
}

/** Refuses what the gateway would refuse anyway, before anything is asked. */
function checked(name: string, value: string | true): string | true {
  if (value === true) return value;
  if (name === 'gateway') return readGatewayUrl('--gateway', value);
  try {
    if (name === 'market') return parseMarketCode(value);
    if (name === 'timeframe') return Timeframe.parse(value).code;
  } catch (error) {
    throw new CommandRefused(
      `--${name}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return value;
}

function refuse(command: CommandName, reason: string): never {
  const known = Object.keys(COMMANDS[command].flags).map((name) => `--${name}`);
  throw new CommandRefused(`${reason}; ${command} knows ${known.join(', ')}`);
}

function describe(flags: Readonly<Record<string, Flag>>, name: string): string {
  const flag = flags[name];
  return flag === undefined ? '' : `${flag.value ?? ''}, ${flag.meaning}`;
}

function isHelp(word: string): boolean {
  return word === 'help' || word === '--help' || word === '-h';
}

function findCommand(name: string | undefined): CommandName | undefined {
  return name === 'backfill' || name === 'verify' || name === 'purge' ? name : undefined;
}
