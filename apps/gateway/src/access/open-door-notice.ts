import { isLoopback } from '@candlekeep/lifecycle';
import type { GatewayEnv } from '../env';

/** What is said at a start of a gateway that asks for no key. */
export interface OpenDoorNotice {
  readonly level: 'info' | 'warn';
  readonly text: string;
}

/** Undefined where keys are asked for. A warning where others than this machine can come. */
export function openDoorNotice({
  HOST,
  AUTH,
}: Pick<GatewayEnv, 'HOST' | 'AUTH'>): OpenDoorNotice | undefined {
  if (AUTH === 'keys') return undefined;
  if (isLoopback(HOST)) {
    const text =
      'no key is asked for: only this machine is meant to come. Behind a proxy, AUTH=keys has to be said';
    return { level: 'info', text };
  }
  const text = `no key is asked for (AUTH=off): whoever reaches ${HOST} may purge candles, put and remove strategies, and start, verify and cancel backfills. Unset AUTH and make keys with npm run keys, unless a firewall decides who comes`;
  return { level: 'warn', text };
}
