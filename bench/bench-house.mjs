// The whole system for a benchmark: own servers, a simulated exchange with a stated latency, gateways and workers from dist/.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { startBenchServers } from './bench-servers.mjs';

/**
 * `gatewayEnv` is added to every gateway's own, `gatewayFlags` are Node's for it. `onOutput` sees what processes print, piece by piece.
 */
export async function startBenchHouse(wanted) {
  const { latencyMs, gateways = 1, workers = 1, gatewayEnv, gatewayFlags, onOutput } = wanted;
  const servers = await startBenchServers();
  const running = [];
  const start = async (main, env, flags) => {
    running.push(await startProcess(main, { env, flags, onOutput }));
    return running.at(-1);
  };
  const close = async () => {
    for (const { stop } of running.reverse()) await stop();
    await servers.close();
  };
  try {
    const exchange = await openExchange(start, latencyMs);
    const env = houseEnv(servers, exchange.exchangeUrl);
    const open = (app, more, flags) => start(mainOf(app), { ...env, ...more }, flags);
    const hands = [];
    for (let i = 0; i < workers; i += 1) hands.push(await open('worker'));
    const doors = [];
    for (let i = 0; i < gateways; i += 1) {
      doors.push(await open('gateway', { PORT: '0', ...gatewayEnv }, gatewayFlags));
    }
    const openOther = (otherLatencyMs) => openExchange(start, otherLatencyMs);
    return {
      ...{ ...exchange, openExchange: openOther, env, folder: servers.folder },
      ...{ open, start, close, workers: hands },
      ...{ gateways: doors, gatewayUrls: doors.map(({ url }) => url) },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Starts a Node process that says `ready` over IPC and prints where it listens; `env` is all that it gets. */
async function startProcess(main, { env, flags = [], onOutput }) {
  const child = spawn(process.execPath, [...flags, main], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    if (output.length < 10_000) output += chunk;
    onOutput?.(chunk);
  });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`${path.relative('.', main)} ended at start:\n${output}`);
    }),
  ]);
  const urls = output.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [];
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  return { pid: child.pid, url: urls[0], urls, stop };
}

async function openExchange(start, latencyMs) {
  const env = { PORT: '0', CONTROL_PORT: '0', LATENCY_MS: String(latencyMs) };
  const simulator = await start(mainOf('exchange-simulator'), env);
  const [exchangeUrl, controlUrl] = simulator.urls;
  const calls = async () => (await (await fetch(`${controlUrl}/calls`)).json()).total;
  return { exchangeUrl, controlUrl, calls, exchangePid: simulator.pid };
}

function houseEnv({ redisUrl, redisCacheUrl, databaseUrl }, exchangeUrl) {
  return {
    REDIS_URL: redisUrl,
    REDIS_CACHE_URL: redisCacheUrl,
    DATABASE_URL: databaseUrl,
    UPBIT_REST_URL: exchangeUrl,
    UPBIT_WS_URL: `${exchangeUrl.replace('http', 'ws')}/websocket/v1`,
  };
}

function mainOf(app) {
  return path.resolve('dist', 'apps', app, 'src', 'main.js');
}
