import { CommandRefused } from './command-refused';

/** Reads a gateway's base URL, without a slash at its end. Throws {@link CommandRefused} that names `given` by `name`. */
export function readGatewayUrl(name: string, given: string): string {
  if (/^https?:\/\//i.test(given) && URL.canParse(given)) {
    const { search, hash, username, password } = new URL(given);
    if (search + hash + username + password === '') return given.replace(/\/+$/, '');
  }
  throw new CommandRefused(`${name}: expected http://host:port`);
}
