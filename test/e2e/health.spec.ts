import { z } from 'zod';
import { choosePort } from '../../apps/standalone/src/ports/free-port';
import { AppProcess, waitFor } from '../support/app-process';
import { House } from '../support/house';
import { CutProxy } from '../support/live/cut-proxy';
import { redisDatabases } from '../support/redis-databases';

const readiness = z.object({
  status: z.string(),
  reasons: z.array(z.string()),
  parts: z.record(z.string(), z.string()),
  build: z.object({
    version: z.string(),
    commit: z.string().nullable(),
    startedAt: z.iso.datetime(),
  }),
});

describe('a process that can be looked at', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.start({
      redisDatabase: redisDatabases.health,
      environment: { BUILD_COMMIT: '7e38f28' },
    });
  });
  afterAll(async () => {
    await house.close();
  });

  const setLevel = async (body: unknown): Promise<Response> =>
    await fetch(`${house.gateways[0]!.url()}/api/log-level`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('says that it is ready, what of, and which build it is', async () => {
    const { status, body } = await house.ask('/health/ready');
    expect(status).toBe(200);
    expect(readiness.parse(JSON.parse(body))).toMatchObject({
      ...{ status: 'ok', reasons: [], build: { commit: '7e38f28' } },
      parts: { REDIS_URL: 'ok', REDIS_CACHE_URL: 'ok', DATABASE_URL: 'ok' },
    });
  });

  it('echoes a sane request id, and replaces any other', async () => {
    const path = '/health/live';
    const given = await house.ask(path, { 'x-request-id': 'mine-1' });
    expect(given.headers['x-request-id']).toBe('mine-1');
    const odd = await house.ask(path, { 'x-request-id': '{"a":1}' });
    expect(odd.headers['x-request-id']).toMatch(/^\w{8}-\d+$/);
  });

  it('logs what a worker does for a request under the request’s id', async () => {
    await house.disturb({ kind: 'status-500' });
    await house.ask('/v1/candles/minutes/1?market=KRW-SOL&count=7', { 'x-request-id': 'mine-2' });
    await house.calm();
    await waitFor(() => {
      expect(house.workers[0]!.log).toMatch(/"level":"warn".*"requestId":"mine-2"/);
    });
  });

  it('is made to say more, of all processes, while it runs', async () => {
    expect((await setLevel({ level: 'debug', seconds: 60 })).status).toBe(204);
    await waitFor(() => {
      for (const { log } of [...house.gateways, ...house.workers]) {
        expect(log).toContain('logs from \\"debug\\" on');
      }
    });
    const told = await house.ask('/api/log-level');
    expect(JSON.parse(told.body)).toEqual({ gateway: 'debug', worker: 'debug', live: 'debug' });
  });

  it('refuses a level that is none, with the right ones', async () => {
    const refused = await setLevel({ level: 'loud' });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain(
      'level: expected one of debug, info, warn, error, silent',
    );
  });

  it('whose Postgres comes later says so, each in its words, and begins by itself', async () => {
    const database = await CutProxy.open(house.environment.DATABASE_URL ?? '');
    await database.away();
    const starts = await Promise.all(
      ['gateway', 'worker', 'live'].map(async (app) => {
        const PORT = String(await choosePort('127.0.0.1'));
        const environment = { ...house.environment, DATABASE_URL: database.url, PORT };
        return { url: `http://127.0.0.1:${PORT}`, starting: AppProcess.start(app, environment) };
      }),
    );
    const all = Promise.all(starts.map(({ starting }) => starting));
    all.catch(() => undefined);
    for (const { url } of starts) {
      await waitFor(async () => {
        const ready = await fetch(`${url}/health/ready`);
        const { reasons } = readiness.parse(await ready.json());
        expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '1']);
        expect(reasons).toEqual([
          'connecting',
          expect.stringMatching(/^DATABASE_URL: .*ECONNREFUSED/),
        ]);
      });
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
    }
    const gateway = starts[0]?.url ?? '';
    const theirs = await fetch(`${gateway}/v1/ticker?markets=KRW-BTC`);
    expect(theirs.status).toBe(503);
    expect(await theirs.text()).toMatch(
      /^\{"error":".*\(connecting; DATABASE_URL: .*\): ask again/,
    );
    const own = await fetch(`${gateway}/api/cache`);
    expect([own.status, own.headers.get('content-type')]).toEqual([
      503,
      'application/problem+json',
    ]);
    await database.back();
    const processes = await all;
    for (const { url } of starts) expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    await Promise.all(processes.map((process) => process.stop()));
    await database.away();
  });

  it('that cannot be, for its settings, says why in one message', async () => {
    const { REDIS_URL = '' } = house.environment;
    const start = async (more: Readonly<Record<string, string>>) =>
      await AppProcess.start('gateway', { ...house.environment, PORT: '0', ...more });
    const taken = new URL(house.gateways[0]!.url()).port;
    await Promise.all([
      expect(start({ REDIS_URL: new URL('/128', REDIS_URL).href })).rejects.toThrow(
        /REDIS_URL cannot be used: \S+ refuses database 128 \(ERR [^]*end the URL with a number/,
      ),
      expect(start({ PORT: taken })).rejects.toThrow(
        `port ${taken} on 127.0.0.1 is taken; stop the program that listens there or set PORT`,
      ),
    ]);
  });
});
