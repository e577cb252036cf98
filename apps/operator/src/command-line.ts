import { parseArgs } from 'node:util';
import { parseMarketCode, Timeframe } from '@candlekeep/market';
import { COMMANDS, type CommandName, type Flag, usageOf, usageOfAll } from './usage';

/** What the command line says, flags by their names. */
export interface CommandLine {
  readonly command: CommandName;
  readonly flags: ReadonlyMap<string, string | true>;
}

/** Either a command to run, or a text to print instead. */
export type ParsedLine = CommandLine | { readonly command: 'help'; readonly text: string };

/** The command line cannot be understood; the message says what can be given instead. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}

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

type Flags = ReadonlyMap<string, string | true>;

function parseFlags(command: CommandName, args: readonly string[]): Flags {
  const options = Object.fromEntries(
    Object.entries(COMMANDS[command].flags).map(([name, { value }]) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(name === 'help' ? { short: 'h' } : {}),
      },
    ]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const given = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (!isHelp(token.value)) refuse(command, `"${token.value}" stands alone`);
      given.set('help', true);
      continue;
    }
    if (given.has(token.name)) refuse(command, `${token.rawName} is given twice`);
    given.set(token.name, readFlag(command, token));
  }
  refuseBesideCancel(command, given);
  return given;
}

interface FlagToken {
  readonly name: string;
  /** As it was typed: `--market`, `-h`. */
  readonly rawName: string;
  readonly value?: string | undefined;
  /** Whether the value was given with `=`; undefined without a value. */
  readonly inlineValue?: boolean | undefined;
}

function readFlag(command: CommandName, token: FlagToken): string | true {
  const { name, rawName, value, inlineValue } = token;
  const flag = Object.entries(COMMANDS[command].flags).find(([known]) => known === name)?.[1];
  if (flag === undefined) refuse(command, `there is no flag ${rawName}`);
  const isSwallowed = inlineValue === false && value?.startsWith('--') === true;
  const given = value === undefined || isSwallowed ? undefined : value.trim();
  if (flag.value === undefined) {
    if (given !== undefined) refuse(command, `${rawName} takes no value`);
    return true;
  }
  if (given !== undefined && given !== '') return checked(command, name, given);
  refuse(command, `${rawName} needs ${name === 'cancel' ? 'an id' : `a value: ${flag.value}`}`);
}

/** A task is cancelled by its id alone: what stands beside it would be left unread. */
function refuseBesideCancel(command: CommandName, given: Flags): void {
  if (!given.has('cancel')) return;
  const beside = [...given.keys()].find((name) => !['cancel', 'gateway', 'help'].includes(name));
  if (beside !== undefined) refuse(command, `--cancel goes without --${beside}`);
}

/** Refuses what the gateway would refuse anyway, before anything is asked. */
function checked(command: CommandName, name: string, value: string): string {
  try {
    if (name === 'market') return parseMarketCode(value);
    if (name === 'timeframe') return Timeframe.parse(value).code;
  } catch (error) {
    refuse(command, `--${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (name === 'gateway' && !isGatewayUrl(value)) {
    refuse(command, '--gateway: expected http://host:port');
  }
  return value;
}

function isGatewayUrl(text: string): boolean {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { search, hash, username, password } = new URL(text);
  return search + hash + username + password === '';
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
