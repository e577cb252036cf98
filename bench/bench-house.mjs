// The whole system for a benchmark: own servers, a simulated exchange with a stated latency, gateways and workers from dist/.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import clockRoom from '../dist/libs/clock/src/index.js';
import serversModule from '../dist/apps/standalone/src/servers/local-servers.js';

const clock = new clockRoom.SystemClock();
const stateFolder = path.resolve('.candlekeep');

export async function startBenchHouse({ latencyMs, gateways = 1, workers = 1 }) {
  const folder = await mkdtemp(path.join(stateFolder, 'bench-'));
  const servers = await serversModule.startLocalServers(
    {
      folder,
      cacheFolder: path.join(stateFolder, 'cache'),
      searchPath: process.env.PATH,
      given: {},
      durable: true,
      say: () => {},
    },
    clock,
  );
  const apps = [];
  const open = async (app, env) => {
    apps.push(await startApp(app, env));
    return apps.at(-1);
  };
  const simulator = await open('exchange-simulator', {
    PORT: '0',
    CONTROL_PORT: '0',
    LATENCY_MS: String(latencyMs),
  });
  const env = {
    REDIS_URL: servers.redisUrl,
    REDIS_CACHE_URL: servers.redisCacheUrl,
    DATABASE_URL: servers.databaseUrl,
    UPBIT_REST_URL: simulator.urls[0],
  };
  for (let i = 0; i < workers; i += 1) await open('worker', env);
  const doors = [];
  for (let i = 0; i < gateways; i += 1) doors.push(await open('gateway', { ...env, PORT: '0' }));
  return {
    exchangeUrl: simulator.urls[0],
    gatewayUrls: doors.map(({ urls }) => urls[0]),
    calls: async () => (await (await fetch(`${simulator.urls[1]}/calls`)).json()).total,
    async close() {
      for (const app of apps.reverse()) await app.stop();
      await servers.close();
      await serversModule.removeLocalServers(folder, clock);
    },
  };
}

async function startApp(app, env) {
  const main = path.resolve('dist', 'apps', app, 'src', 'main.js');
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`${app} ended at start:\n${output}`);
    }),
  ]);
  return {
    urls: output.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [],
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
