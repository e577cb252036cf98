import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SystemClock } from '@candlekeep/clock';
import { parseSettings } from './env';
import { House } from './house';
import { choosePort } from './ports/free-port';

const host = '127.0.0.1';
const servers = {
  REDIS_URL: 'redis://127.0.0.1:1',
  REDIS_CACHE_URL: 'redis://127.0.0.1:2',
  DATABASE_URL: 'postgres://127.0.0.1:3/candlekeep',
};
const never = new AbortController().signal;

// Writes down when it starts and stops, and what it was told.
const app = `
  const { appendFileSync } = require('node:fs');
  const path = require('node:path');
  const name = path.basename(path.resolve(__dirname, '..'));
  const journal = path.join(__dirname, '../../journal');
  const note = (word) => appendFileSync(journal, word + ' ' + name + '\\n');
  const { UPBIT_REST_URL, UPBIT_WS_URL, LIVE_MARKETS, REDIS_URL, HOST, PORT } = process.env;
  console.log(JSON.stringify({ UPBIT_REST_URL, UPBIT_WS_URL, LIVE_MARKETS, REDIS_URL, HOST, PORT }));
  process.on('SIGTERM', () => { note('stop'); process.exit(0); });
  setInterval(() => {}, 1000);
  note('start');
  process.send('ready');
`;

describe('the house', () => {
  let folder: string;
  let house: House;
  let port: number;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'candlekeep-house-'));
    port = await choosePort(host);
    house = houseWith({});
    for (const name of ['exchange-simulator', 'worker', 'live', 'gateway']) {
      await install(name, app);
    }
  });

  afterEach(async () => {
    await house.close();
    await rm(folder, { recursive: true });
  });

  it('opens the simulator, the worker, live and the gateway, and closes them in reverse order', async () => {
    await house.open(never);
    await house.close();

    expect(await journal()).toEqual([
      'start exchange-simulator',
      'start worker',
      'start live',
      'start gateway',
      'stop gateway',
      'stop live',
      'stop worker',
      'stop exchange-simulator',
    ]);
  });

  it('tells each app what it needs, and only the gateway an address of its own', async () => {
    const { exchangeUrl, gatewayUrl } = await house.open(never);

    expect(gatewayUrl).toBe(`http://127.0.0.1:${port}`);
    expect(await toldTo('worker')).toEqual({
      UPBIT_REST_URL: exchangeUrl,
      REDIS_URL: servers.REDIS_URL,
    });
    expect(await toldTo('live')).toEqual({
      UPBIT_WS_URL: `${exchangeUrl.replace('http', 'ws')}/websocket/v1`,
      LIVE_MARKETS: '*',
      REDIS_URL: servers.REDIS_URL,
    });
    expect(await toldTo('gateway')).toEqual({
      REDIS_URL: servers.REDIS_URL,
      HOST: host,
      PORT: String(port),
    });
  });

  it('starts no simulator when an exchange is named', async () => {
    house = houseWith({ UPBIT_REST_URL: 'http://127.0.0.1:9' });

    await house.open(never);

    expect(await journal()).toEqual(['start worker', 'start live', 'start gateway']);
  });

  it('opens nothing when the port of the gateway is taken', async () => {
    const other = createServer().listen(port, host);
    await once(other, 'listening');

    await expect(house.open(never)).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);

    other.close();
    await expect(journal()).rejects.toThrow('ENOENT');
  });

  it('tells when an app dies that was well', async () => {
    await install('worker', `${app} process.kill(process.pid, 'SIGKILL');`);

    const outcome = await Promise.allSettled([house.open(never)]);
    const told =
      outcome[0].status === 'rejected' ? String(outcome[0].reason) : (await house.broken()).message;

    expect(told).toContain('The worker was ended by SIGKILL.');
  });

  it('stops opening when it is asked to stop, with the next app not begun', async () => {
    const stop = new AbortController();
    house = houseWith({}, (line) => {
      if (line.includes('worker')) stop.abort(new Error('asked to stop'));
    });

    await expect(house.open(stop.signal)).rejects.toThrow();

    expect(await journal()).not.toContain('start gateway');
  });

  function houseWith(
    variables: Readonly<Record<string, string>>,
    say: (line: string) => void = () => undefined,
  ): House {
    const state = path.join(folder, 'state');
    const address = { ...servers, PORT: String(port), CANDLEKEEP_FOLDER: state };
    const settings = parseSettings({ ...address, ...variables }, []);
    return new House({ settings, appsFolder: folder, say }, new SystemClock());
  }

  async function install(name: string, source: string): Promise<void> {
    await mkdir(path.join(folder, name, 'src'), { recursive: true });
    await writeFile(path.join(folder, name, 'src/main.js'), source);
  }

  async function journal(): Promise<readonly string[]> {
    return (await readFile(path.join(folder, 'journal'), 'utf8')).trim().split('\n');
  }

  async function toldTo(name: string): Promise<unknown> {
    const log = path.join(folder, 'state/simulator/logs', `${name}.log`);
    return JSON.parse(await readFile(log, 'utf8'));
  }
});
