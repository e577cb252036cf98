import path from 'node:path';
import { Clock, SystemClock } from '@candlekeep/clock';
import { Settings, readSettings } from './env';
import { House } from './house';
import { announceHouse, withdrawHouse } from './processes/running-house';
import { requested, stopRequest } from './processes/stop-request';
import { messageOf } from './start-failure';
import { complain, leave, outliveTerminal, say } from './terminal';
import { welcome } from './welcome';

// dist/apps/standalone/src/main.js stands beside the other apps.
const appsFolder = path.resolve(__dirname, '../..');

void main(stopRequest(), new SystemClock()).then(leave);

/** Resolves to the exit code, when everything that was opened is closed. */
async function main(stop: AbortSignal, clock: Clock): Promise<number> {
  outliveTerminal();
  try {
    const settings = readSettings(process.argv.slice(2));
    const house = new House({ settings, appsFolder, say }, clock);
    return await live(house, { settings, stop, clock });
  } catch (error) {
    complain(messageOf(error));
    return 1;
  }
}

interface Surroundings {
  readonly settings: Settings;
  readonly stop: AbortSignal;
  readonly clock: Clock;
}

// What went wrong is told before the closing, which may take some seconds.
async function live(house: House, surroundings: Surroundings): Promise<number> {
  let code = 0;
  try {
    await serve(house, surroundings);
  } catch (error) {
    // A stop while things still open ends with the reason "aborted": that is no failure.
    if (!surroundings.stop.aborted) {
      complain(messageOf(error));
      code = 1;
    }
  }
  await withdrawHouse(surroundings.settings.folders.state);
  await house.close();
  return code;
}

async function serve(house: House, { settings, stop, clock }: Surroundings): Promise<void> {
  const fromMs = clock.monotonicMs();
  const { servers, ...addresses } = await house.open(stop);
  const { exchange, folders, liveMarkets, host, port } = settings;
  await announceHouse(folders.state, {
    ...{ HOST: host, PORT: String(port), EGRESS_ID: settings.egressId },
    ...{ REDIS_URL: servers.redisUrl, REDIS_CACHE_URL: servers.redisCacheUrl },
    DATABASE_URL: servers.databaseUrl,
    ...{ UPBIT_REST_URL: addresses.exchangeUrl, UPBIT_WS_URL: addresses.streamUrl },
  });
  const tookMs = clock.monotonicMs() - fromMs;
  const facts = { ...addresses, exchange, folders, liveMarkets, tookMs };
  say(welcome({ ...facts, servers: servers.running }));
  if (process.connected) process.send?.('ready');
  const death = await Promise.race([requested(stop), house.broken()]);
  if (death !== undefined) throw death;
}
