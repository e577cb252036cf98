import type { Flag } from '@candlekeep/command-line';
import { EXIT } from './exit-code';

interface Command {
  readonly promise: string;
  readonly flags: Readonly<Record<string, Flag>>;
  /** What the exit codes mean. */
  readonly exit: string;
}

export type CommandName = 'backfill' | 'verify' | 'purge';

/** Where the gateway is when nobody says so. */
export const GATEWAY_URL = 'http://127.0.0.1:3000';
/** Where the key stands that a gateway may ask for: on a command line others would see it. */
export const KEY_VARIABLE = 'CANDLEKEEP_KEY';

const everywhere = {
  gateway: { value: 'http://host:port', meaning: `the gateway to ask; default ${GATEWAY_URL}` },
  help: { meaning: 'this page; -h and the word help as well' },
};
const range = {
  market: { value: 'KRW-BTC', meaning: 'the market' },
  timeframe: { value: '1m', meaning: 'the timeframe; default 1m' },
  from: { value: '2025-09-01', meaning: 'first open; a date (its midnight, UTC) or an instant' },
  to: { value: '2025-09-08', meaning: 'the end, exclusive; default the newest closed candle' },
  cancel: { value: '<id>', meaning: 'cancel this task instead of opening one' },
};
const INSTANTS =
  'Instants have seconds and say their zone: 2025-09-01T00:00:00Z or 2025-09-01T09:00:00+09:00.';
const FOLLOWED =
  'The workers do it; Ctrl-C leaves it running,\nand the same command shows it again.';
const LEFT = `${EXIT.left} you left (Ctrl-C)`;

/** Every command, its flags, and what it promises. */
export const COMMANDS: Readonly<Record<CommandName, Command>> = {
  backfill: {
    promise: `Brings closed candles of a range into the store. ${FOLLOWED}\n${INSTANTS}`,
    flags: { ...range, ...everywhere },
    exit: `${EXIT.done} done; ${EXIT.notDone} failed, cancelled or refused; ${LEFT}`,
  },
  verify: {
    promise: `Holds stored candles of a range against the exchange's own, mends what differs, brings what is\nmissing, and says what was found. ${FOLLOWED}\n${INSTANTS}`,
    flags: { ...range, ...everywhere },
    exit: `${EXIT.done} nothing differs; ${EXIT.notDone} something differed, or it failed, was cancelled or refused;\n  ${EXIT.nothingCompared} nothing was stored, so nothing was compared; ${LEFT}`,
  },
  purge: {
    promise: 'Removes all stored candles of a market that was renamed or redenominated.',
    flags: {
      market: range.market,
      yes: { meaning: 'do not ask for confirmation' },
      ...everywhere,
    },
    exit: `${EXIT.done} removed; ${EXIT.notDone} nothing was removed; ${LEFT}`,
  },
};

const ENVIRONMENT = `${KEY_VARIABLE}  a key of the scope admin, for a gateway that asks for one
  (npm run keys -- create --name me --scope admin)`;

/** The page of one command. */
export function usageOf(name: CommandName): string {
  const { promise, flags, exit } = COMMANDS[name];
  const spelled = Object.entries(flags).map(([flag, { value, meaning }]): [string, string] => [
    `--${flag}${value === undefined ? '' : ` ${value}`}`,
    meaning,
  ]);
  const width = Math.max(...spelled.map(([left]) => left.length));
  const lines = spelled.map(([left, meaning]) => `  ${left.padEnd(width)}  ${meaning}`);
  return `npm run ${name} -- [flags]\n\n${promise}\n\n${lines.join('\n')}\n\nenvironment:\n  ${ENVIRONMENT}\n\nexit codes:\n  ${exit}`;
}

/** The pages of all commands. */
export function usageOfAll(): string {
  return (['backfill', 'verify', 'purge'] as const).map(usageOf).join('\n\n');
}
