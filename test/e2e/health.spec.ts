import { z } from 'zod';
import { waitFor } from '../support/app-process';
import { House } from '../support/house';
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
    expect(await refused.text()).toContain('level: one of debug, info, warn, error, silent');
  });
});
