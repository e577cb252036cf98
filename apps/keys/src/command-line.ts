import {
  isKeyId,
  isKeyName,
  isScope,
  type KeyWish,
  MOST_ROWS_PER_MINUTE,
  SCOPES,
} from '@candlekeep/access';
import { CommandRefused, type Flags, readFlags } from '@candlekeep/command-line';

/** What is to be done. */
export type Command =
  | { readonly kind: 'create'; readonly wish: KeyWish }
  | { readonly kind: 'list' }
  | { readonly kind: 'revoke'; readonly id: string }
  | { readonly kind: 'help' };

/** What `--help` prints. */
export const USAGE = `npm run keys -- create --name bots [--scope read|admin] [--rows-per-minute 20000000]
npm run keys -- list
npm run keys -- revoke ID

Makes, lists and revokes the keys that programs ask a gateway with (Authorization: Bearer ck_...), in the
database of DATABASE_URL; without it, in the one that npm start runs here. No gateway has to run. Running
ones know a new key, and refuse a revoked one, within two seconds. A key is shown once, when it is made.

  --name             1 to 64 letters, digits, or characters of _.:-
  --scope            read (default) asks; admin also changes things, and logs in at /admin
  --rows-per-minute  candles that may be answered in a minute; default 20000000`;

const HELP = { help: { meaning: 'this page' } };
const CREATE_FLAGS = {
  name: { value: 'bots', meaning: 'what the key is called' },
  scope: { value: SCOPES.join('|'), meaning: 'what it may do' },
  'rows-per-minute': { value: '20000000', meaning: 'candles that may be answered in a minute' },
  ...HELP,
};

/** Reads `create --name bots`. Throws `CommandRefused` that says what can be given instead. */
export function parseCommand([name, ...args]: readonly string[]): Command {
  switch (name) {
    case 'create':
      return parseCreate(readFlags(args, CREATE_FLAGS, 'create knows'));
    case 'list':
      return readFlags(args, HELP, 'list knows').has('help') ? { kind: 'help' } : { kind: 'list' };
    case 'revoke':
      return parseRevoke(args);
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      return { kind: 'help' };
    default:
      throw new CommandRefused(`there is no command "${name}": choose one of create, list, revoke`);
  }
}

function parseCreate(flags: Flags): Command {
  if (flags.has('help')) return { kind: 'help' };
  const name = flags.get('name');
  if (typeof name !== 'string') throw new CommandRefused('--name is missing: --name bots');
  if (!isKeyName(name)) {
    throw new CommandRefused('--name: expected 1 to 64 letters, digits, or characters of _.:-');
  }
  const scope = flags.get('scope') ?? 'read';
  if (typeof scope !== 'string' || !isScope(scope)) {
    throw new CommandRefused(`--scope: expected one of ${SCOPES.join(', ')}`);
  }
  const rows = flags.get('rows-per-minute');
  if (rows === undefined) return { kind: 'create', wish: { name, scope } };
  return { kind: 'create', wish: { name, scope, rowsPerMinute: parseRows(String(rows)) } };
}

function parseRows(text: string): number {
  const rows = /^\d+$/.test(text) ? Number(text) : 0;
  if (rows >= 1 && rows <= MOST_ROWS_PER_MINUTE) return rows;
  throw new CommandRefused(
    `--rows-per-minute: expected a whole number of candles from 1 to ${MOST_ROWS_PER_MINUTE.toLocaleString('en')}`,
  );
}

function parseRevoke(args: readonly string[]): Command {
  const [id, ...more] = args;
  if (id === '--help' || id === '-h' || id === 'help') return { kind: 'help' };
  if (id !== undefined && more.length === 0 && isKeyId(id)) {
    return { kind: 'revoke', id };
  }
  throw new CommandRefused(
    'revoke takes the id of one key, the 8 characters that "list" shows: revoke abcd2345',
  );
}
