import { parseArgs } from 'node:util';
import { CommandRefused } from './command-refused';

/** A flag of a command line. */
export interface Flag {
  /** What its value looks like; a flag without one is a switch. */
  readonly value?: string;
  readonly meaning: string;
}

/** What was given, by the flags' names: a value, or true for a switch. */
export type Flags = ReadonlyMap<string, string | true>;

/**
 * Reads `--market KRW-BTC --once` and `-h`. Throws {@link CommandRefused} for what is unknown, stands alone, is given twice, or lacks
 * its value (a value does not begin with `--`, unless it is given with `=`); the message ends with `known`. The word `help` means the
 * flag.
 */
export function readFlags(
  args: readonly string[],
  flags: Readonly<Record<string, Flag>>,
  known: string,
): Flags {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value }]) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(name === 'help' ? { short: 'h' } : {}),
      },
    ]),
  );
  const refuse = (reason: string): never => {
    const names = Object.keys(flags).map((name) => `--${name}`);
    throw new CommandRefused(`${reason}; ${known} ${names.join(', ')}`);
  };
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const given = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (token.value !== 'help') refuse(`"${token.value}" stands alone`);
      given.set('help', true);
      continue;
    }
    if (given.has(token.name)) refuse(`${token.rawName} is given twice`);
    given.set(token.name, valueOf(token, flags, refuse));
  }
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

function valueOf(
  { name, rawName, value, inlineValue }: FlagToken,
  flags: Readonly<Record<string, Flag>>,
  refuse: (reason: string) => never,
): string | true {
  const flag = Object.entries(flags).find(([known]) => known === name)?.[1];
  if (flag === undefined) return refuse(`there is no flag ${rawName}`);
  const isSwallowed = inlineValue === false && value?.startsWith('--') === true;
  const given = value === undefined || isSwallowed ? undefined : value.trim();
  if (flag.value === undefined) {
    return given === undefined ? true : refuse(`${rawName} takes no value`);
  }
  if (given !== undefined && given !== '') return given;
  return refuse(`${rawName} needs a value: ${flag.value}`);
}
