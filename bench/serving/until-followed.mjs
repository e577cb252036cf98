// Waits until the stream keeps every followed market's head.
import { setTimeout as pause } from 'node:timers/promises';

const TRIES = 240;
const PAUSE_MS = 250;

/** `live` says through any gateway how its stream stands. */
export async function untilFollowed(gateway, markets = 1) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const response = await fetch(`${gateway.url}/api/live`);
    const status = response.ok ? await response.json() : undefined;
    if (status?.stream?.state === 'steady' && status.markets.length >= markets) return;
    await pause(PAUSE_MS);
  }
  throw new Error(`live did not follow ${markets} markets within a minute`);
}
