import { CommandRefused } from './command-refused';

/**
 * Reads the key that a gateway may ask for; undefined where nothing is set. Throws {@link CommandRefused} that names the variable, and
 * shows nothing of what it holds.
 */
export function readGatewayKey(variable: string, given = ''): string | undefined {
  const key = given.trim();
  if (key === '') return undefined;
  if (/^ck_[A-Za-z0-9_-]+$/.test(key)) return key;
  throw new CommandRefused(
    `${variable}: expected a key as "npm run keys -- create" showed it: ck_ and letters, digits, _ or -`,
  );
}

/** What to say to people behind a gateway's 401 or 403; empty behind any other answer. */
export function adviseKey(
  variable: string,
  { status, isShown }: { readonly status: number | undefined; readonly isShown: boolean },
): string {
  if (status !== 401 && status !== 403) return '';
  return isShown
    ? ` What was shown is the key in ${variable}.`
    : ` Set ${variable} to a key, and this command shows it.`;
}
