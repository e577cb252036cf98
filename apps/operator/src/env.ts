import { readGatewayKey } from '@candlekeep/command-line';
import { KEY_VARIABLE } from './usage';

/** The key that a gateway may ask for; undefined when none is given. Throws `CommandRefused` for what can be none. */
export function readKey(): string | undefined {
  return readGatewayKey(KEY_VARIABLE, process.env.CANDLEKEEP_KEY);
}
