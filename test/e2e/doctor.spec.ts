import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { SystemClock } from '@candlekeep/clock';
import { openRedis } from '@candlekeep/redis';
import { z } from 'zod';
import type { Variables } from '../../apps/doctor/src/env';
import { examine } from '../../apps/doctor/src/examine';
import type { Finding } from '../../apps/doctor/src/finding';
import { lookAround } from '../../apps/doctor/src/surroundings';
import { announceHouse } from '../../apps/standalone/src/processes/running-house';
import { AppProcess } from '../support/app-process';
import { CleanUp } from '../support/clean-up';
import { freePort } from '../support/free-port';
import { httpGet } from '../support/http-get';
import { OwnQueueRedis } from '../support/own-queue-redis';
import { createScratchDatabase, type ScratchDatabase } from '../support/scratch-database';

const run = promisify(execFile);
const main = path.resolve('dist/apps/doctor/src/main.js');
const nowhere = 'http://127.0.0.1:1';
const ending = z.object({ code: z.number(), stdout: z.string() });
const report = z.object({
  state: z.string(),
  findings: z.array(z.object({ check: z.string(), state: z.string() })),
});
const contains = (text: string): unknown => expect.stringContaining(text);

describe('the doctor', () => {
  const cleanUp = new CleanUp();
  let queue: OwnQueueRedis;
  let cache: OwnQueueRedis;
  let database: ScratchDatabase;
  let simulator: AppProcess;
  let sound: Variables;

  beforeAll(async () => {
    queue = await OwnQueueRedis.start();
    cleanUp.add(() => queue.close());
    cache = await OwnQueueRedis.start();
    cleanUp.add(() => cache.close());
    await configure(cache, 'maxmemory', '64mb');
    await configure(cache, 'maxmemory-policy', 'allkeys-lru');
    database = await createScratchDatabase();
    cleanUp.add(() => database.drop());
    simulator = await AppProcess.start('exchange-simulator', { PORT: '0', CONTROL_PORT: '0' });
    cleanUp.add(() => simulator.stop());
    const folder = await mkdtemp(path.join(tmpdir(), 'candlekeep-doctor-'));
    cleanUp.add(() => rm(folder, { recursive: true }));
    sound = {
      ...{ REDIS_URL: queue.url, REDIS_CACHE_URL: cache.url, DATABASE_URL: database.url },
      UPBIT_REST_URL: simulator.url(),
      UPBIT_WS_URL: `${simulator.url().replace('http', 'ws')}/websocket/v1`,
      ...{ PORT: String(await freePort()), CANDLEKEEP_FOLDER: folder },
    };
  });

  afterAll(() => cleanUp.run());

  const findingsOf = async (environment: Variables): Promise<readonly Finding[]> =>
    await examine(await lookAround(environment), new SystemClock());

  /** What is not well: `fail REDIS_URL memory`. */
  const complaints = async (environment: Variables): Promise<string[]> =>
    (await findingsOf(environment))
      .filter(({ state }) => state !== 'ok')
      .map(({ check, state }) => `${state} ${check}`);

  it('finds nothing to mend where all is set up as it should be, but a missing TimescaleDB', async () => {
    expect(await complaints(sound)).toEqual(['warn DATABASE_URL TimescaleDB']);
  });

  it('costs the exchange one call of group ticker, with a permit of the cluster’s limiter, and one connection', async () => {
    const asked = async (): Promise<unknown> => {
      const { body } = await httpGet(`${simulator.url(1)}/calls`);
      return z.object({ byUrl: z.record(z.string(), z.number()) }).parse(JSON.parse(body)).byUrl;
    };
    await fetch(`${simulator.url(1)}/calls`, { method: 'DELETE' });
    await findingsOf({ ...sound, EGRESS_ID: 'permit' });
    expect(await asked()).toEqual({ '/v1/ticker?markets=KRW-BTC': 1, '/websocket/v1': 1 });
    const redis = openRedis({ url: queue.url, role: 'command', name: 'test', onError: ignore });
    expect(await redis.keys('{ck:limit:permit}:*:slots')).toEqual([
      '{ck:limit:permit}:ticker:slots',
    ]);
    redis.disconnect();
  });

  it('fails servers that are set up to lose what they are given, and a clock that is off', async () => {
    await configure(queue, 'maxmemory-policy', 'allkeys-lru');
    await configure(queue, 'appendonly', 'no');
    await configure(cache, 'maxmemory', '0');
    const fast = await AppProcess.start('exchange-simulator', {
      ...{ PORT: '0', TIME_OFFSET_MS: '20000' },
    });
    try {
      expect(await complaints({ ...sound, UPBIT_REST_URL: fast.url() })).toEqual([
        'fail REDIS_URL memory',
        'warn REDIS_URL persistence',
        'warn REDIS_CACHE_URL memory',
        'warn DATABASE_URL TimescaleDB',
        'fail exchange clock',
      ]);
    } finally {
      await fast.stop();
      await configure(queue, 'maxmemory-policy', 'noeviction');
      await configure(queue, 'appendonly', 'yes');
      await configure(cache, 'maxmemory', '64mb');
    }
  });

  it('sees that a newer build was at the schema, and what an older one still has to run', async () => {
    const schema = async () =>
      (await findingsOf(sound)).find(({ check }) => check === 'DATABASE_URL schema');
    const first = await schema();
    expect([first?.state, first?.seen]).toEqual(['ok', contains('0001_candles')]);
    const pool = database.connect();
    await pool.query('CREATE TABLE usage_migrations (name text)');
    await pool.query(`INSERT INTO usage_migrations VALUES ('0099_later')`);
    const second = await schema();
    expect([second?.state, second?.seen]).toEqual(['fail', contains('0099_later')]);
    await pool.query('DROP TABLE usage_migrations');
  });

  it('says of each server that is away or refuses us what was seen, and never a password', async () => {
    const wrong = {
      REDIS_URL: queue.url.replace('a-test', 'sesame'),
      REDIS_CACHE_URL: 'redis://:sesame@127.0.0.1:1',
      DATABASE_URL: 'postgres://candlekeep:sesame@127.0.0.1:1/candles',
      ...{ UPBIT_REST_URL: nowhere, UPBIT_WS_URL: 'ws://127.0.0.1:1/websocket/v1' },
    };
    const findings = await findingsOf({ ...sound, ...wrong });
    expect(findings.flatMap(({ check, state }) => (state === 'fail' ? [check] : []))).toEqual([
      ...['REDIS_URL', 'REDIS_CACHE_URL', 'DATABASE_URL', 'exchange REST', 'exchange stream'],
    ]);
    expect(JSON.stringify(findings)).toMatch(/WRONGPASS.*ECONNREFUSED/);
    expect(JSON.stringify(findings)).not.toContain('sesame');
  });

  it('names who has the gateway’s port', async () => {
    const other = await listen();
    const findings = await findingsOf({ ...sound, PORT: String(portOf(other)) });
    other.close();
    const port = findings.find(({ check }) => check.startsWith('port'));
    expect(port?.state).toBe('fail');
    expect(port?.seen).toContain(`taken by process ${process.pid}`);
  });

  it('looks at what npm start has brought up, and at its gateway', async () => {
    const { CANDLEKEEP_FOLDER: folder = '', ...house } = sound;
    const gateway = await AppProcess.start('gateway', { ...house, AUTH: 'off', PORT: '0' });
    try {
      await announceHouse(folder, { ...house, PORT: new URL(gateway.url()).port });
      const findings = await findingsOf({ CANDLEKEEP_FOLDER: folder });
      expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
      const seen = findings.map(({ check, seen }) => `${check}: ${seen}`);
      expect(seen).toContain(`gateway: ready at ${gateway.url()}`);
      expect(seen).toContain('DATABASE_URL schema: as this build needs it');
    } finally {
      await gateway.stop();
      await rm(path.join(folder, 'house.json'), { force: true });
    }
  });

  it('works where nothing runs, and says what a start would bring', async () => {
    const { CANDLEKEEP_FOLDER = '', PORT = '' } = sound;
    const env = { CANDLEKEEP_FOLDER, PORT, UPBIT_REST_URL: simulator.url() };
    const { stdout } = await run(process.execPath, [main], { env });
    expect(stdout.match(/not set: `npm start` brings a server of its own/g)).toHaveLength(3);
    expect(stdout).toContain('All is well.');
  });

  it('ends with 1 when something fails, and speaks JSON when asked', async () => {
    const env = { ...sound, UPBIT_REST_URL: nowhere };
    const failed: unknown = await run(process.execPath, [main, '--json'], { env }).catch(
      (error: unknown) => error,
    );
    const { code, stdout } = ending.parse(failed);
    expect(code).toBe(1);
    const { state, findings } = report.parse(JSON.parse(stdout));
    expect(state).toBe('fail');
    expect(findings.filter((one) => one.state === 'fail').map(({ check }) => check)).toEqual([
      'exchange REST',
    ]);
  });

  it('explains itself, and refuses what it does not know', async () => {
    const { stdout } = await run(process.execPath, [main, '--help']);
    expect(stdout).toContain('limit group "ticker"');
    const refused = run(process.execPath, [main, '--jsn']);
    await expect(refused).rejects.toMatchObject({
      code: 1,
      stderr: 'there is no flag --jsn; known are --json, --help\n',
    });
  });
});

async function configure(server: OwnQueueRedis, name: string, value: string): Promise<void> {
  const redis = openRedis({ url: server.url, role: 'command', name: 'test', onError: ignore });
  await redis.config('SET', name, value);
  redis.disconnect();
}

async function listen(): Promise<Server> {
  const server = createServer((_request, response) => response.end('something else'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return address.port;
}

function ignore(): void {
  // Each command reports its own error.
}
