import { choosePort } from '../../apps/standalone/src/ports/free-port';

/** A TCP port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  return await choosePort('127.0.0.1');
}
