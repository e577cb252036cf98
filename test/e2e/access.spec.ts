import { get } from 'node:http';
import { z } from 'zod';
import { AppProcess, waitFor } from '../support/app-process';
import { ask, bearer, KeyedHouse } from '../support/access/keyed-house';
import { redisDatabases } from '../support/redis-databases';

const BTC = '/v1/candles/minutes/1?market=KRW-BTC&count=5';
const JSON_BODY = { 'content-type': 'application/json' };

const madeKey = z.object({ id: z.string(), key: z.string() });

/** The status of an upgrade that is refused; 101 for one that is not. */
async function upgrade(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return await new Promise((resolve, reject) => {
    const offer = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const key = { 'sec-websocket-key': Buffer.alloc(16, 1).toString('base64') };
    const asked = get(url, { headers: { ...offer, ...key, ...headers } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.on('upgrade', (_answer, socket) => {
      socket.destroy();
      resolve(101);
    });
  });
}

describe('a gateway that others can reach', () => {
  let house: KeyedHouse;
  let gateway: AppProcess;
  /** Takes `?key=`, and has a door for its administration. */
  let other: AppProcess;
  let admin: string;
  let reader: string;
  let url: string;

  beforeAll(async () => {
    house = await KeyedHouse.start(redisDatabases.access);
    await expect(house.open({ HOST: '0.0.0.0' })).rejects.toThrow(
      /npm run keys -- create [^]*AUTH=off/,
    );
    [admin = '', reader = ''] = await Promise.all([
      house.keys('create', '--name', 'me', '--scope', 'admin'),
      house.keys('create', '--name', 'bots'),
    ]);
    const otherRules = { AUTH_QUERY_KEY: 'on', ADMIN_PORT: '0' };
    [gateway, other] = await Promise.all([
      house.open({ HOST: '0.0.0.0' }),
      house.open({ HOST: '0.0.0.0', ...otherRules }),
    ]);
    url = gateway.url();
  });

  afterAll(async () => {
    await house.close();
  });

  it('refuses whoever shows no key in the words of whoever was asked, and names nothing but the health checks and the documentation', async () => {
    const v1 = await ask(`${url}${BTC}`);
    expect(v1.status).toBe(401);
    expect(JSON.parse(v1.body)).toMatchObject({ error: { name: 'invalid_access_key' } });
    expect(v1.headers.get('www-authenticate')).toBe('Bearer realm="candlekeep"');
    const api = await ask(`${url}/api/candles?market=KRW-BTC`);
    expect([api.status, api.headers.get('content-type')]).toEqual([
      ...[401, 'application/problem+json; charset=utf-8'],
    ]);
    expect(JSON.parse(api.body)).toMatchObject({ status: 401, title: 'Unauthorized' });
    for (const path of ['/health/live', '/health/ready', '/docs', '/api/openapi.json']) {
      expect([path, (await ask(`${url}${path}`)).status]).toEqual([path, 200]);
    }
    for (const path of ['/%61pi/cache', '/metrics', '/nowhere', '/api/keys', '/admin/nowhere']) {
      expect([path, (await ask(`${url}${path}`)).status]).toEqual([path, 401]);
    }
  });

  it('answers who shows one, and lets the read scope change nothing', async () => {
    const wrong = reader.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const statuses = [reader, admin, wrong, 'ck_', 'x'].map(async (key) => {
      const { status } = await ask(`${url}${BTC}`, { headers: bearer(key) });
      return status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 200, 401, 401, 401]);
    const change = { method: 'POST', body: '{}', headers: { ...bearer(reader), ...JSON_BODY } };
    const refused = await ask(`${url}/api/backfills`, change);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toContain('scope="admin"');
    const batch = JSON.stringify({ requests: [{ market: 'KRW-BTC', timeframe: '1m', count: 2 }] });
    const asked = await ask(`${url}/api/candles/batch`, { ...change, body: batch });
    expect(asked.status).toBe(200);
  });

  it('lets only who shows a key follow its streams', async () => {
    const socket = `${url}/websocket/v1`;
    expect(await upgrade(socket, {})).toBe(401);
    expect(await upgrade(socket, bearer('ck_wrong'))).toBe(401);
    expect(await upgrade(socket, bearer(reader))).toBe(101);
    const events = `${url}/api/stream?series=KRW-BTC:1m`;
    expect((await ask(events)).status).toBe(401);
    const stop = new AbortController();
    const { status } = await fetch(events, { headers: bearer(reader), signal: stop.signal });
    stop.abort();
    expect(status).toBe(200);
  });

  it('takes a key in the URL only where that is permitted', async () => {
    const off = await ask(`${url}${BTC}&key=${reader}`);
    expect([off.status, off.body]).toEqual([401, expect.stringContaining('AUTH_QUERY_KEY=on')]);
    expect(await upgrade(`${url}/websocket/v1?key=${reader}`, {})).toBe(401);
    expect((await ask(`${other.url()}${BTC}&key=${reader}`)).status).toBe(200);
    expect(await upgrade(`${other.url()}/websocket/v1?key=${reader}`, {})).toBe(101);
    const nowhere = await ask(`${other.url()}/api/nowhere?key=${reader}`);
    expect(nowhere.status).toBe(404);
    expect(nowhere.body).not.toContain('ck_');
  });

  it('counts the rows that a key is answered, and says when there are more', async () => {
    const key = await house.keys('create', '--name', 'few', '--rows-per-minute', '120');
    const headers = bearer(key);
    for (const each of [url, other.url()]) {
      await waitFor(async () => {
        expect((await ask(`${each}/nowhere`, { method: 'PUT', headers })).status).not.toBe(401);
      }, 3_000);
    }
    const first = await ask(`${url}/v1/candles/days?market=KRW-BTC&count=200`, { headers });
    expect(first.status).toBe(200);
    expect(first.headers.get('ratelimit-policy')).toBe(
      '"burst";q=40;w=5;qu="rows", "sustained";q=120;w=60;qu="rows"',
    );
    expect(first.headers.get('ratelimit')).toMatch(/^"sustained";r=\d+;t=\d+$/);
    const v1 = await ask(`${url}${BTC}`, { headers });
    expect([v1.status, v1.body]).toEqual([429, 'Too many API requests.']);
    expect(v1.headers.get('content-type')).toBe('text/plain;charset=UTF-8');
    expect(Number(v1.headers.get('retry-after'))).toBeGreaterThan(60);
    const api = await ask(`${other.url()}/api/cache`, { headers });
    expect(JSON.parse(api.body)).toMatchObject({ status: 429, title: 'Too Many Requests' });
  });

  it('makes and revokes keys, which every gateway knows within two seconds', async () => {
    const make = { method: 'POST', headers: { ...bearer(admin), ...JSON_BODY } };
    const bad = await ask(`${url}/api/keys`, { ...make, body: '{"name":"a b","scope":"root"}' });
    expect(JSON.parse(bad.body)).toMatchObject({
      status: 400,
      errors: [{ field: 'name' }, { field: 'scope' }],
    });
    const made = await ask(`${url}/api/keys`, { ...make, body: '{"name":"brief"}' });
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { id, key } = madeKey.parse(JSON.parse(made.body));
    const status = async () => (await ask(`${other.url()}${BTC}`, { headers: bearer(key) })).status;
    await waitFor(async () => {
      expect(await status()).toBe(200);
    }, 2_000);
    const revoke = { method: 'DELETE', headers: bearer(admin) };
    expect((await ask(`${url}/api/keys/${id}`, revoke)).status).toBe(204);
    expect((await ask(`${url}${BTC}`, { headers: bearer(key) })).status).toBe(401);
    await waitFor(async () => {
      expect(await status()).toBe(401);
    }, 2_000);
    expect((await ask(`${url}/api/keys/${id}`, revoke)).status).toBe(404);
    const listed = await ask(`${url}/api/keys`, { headers: bearer(admin) });
    expect(listed.body).not.toContain(key.slice(12));
    expect(await house.keys('list')).toMatch(new RegExp(`${id} +brief +read .*revoked`));
  });

  it('has a door for its administration alone, where that is wished for', async () => {
    const [main, door] = [other.url(), other.url(1)];
    const paths = ['/admin', '/admin/login', '/admin/queues', '/api/keys'];
    for (const path of paths) {
      const { status } = await ask(`${main}${path}`, { headers: bearer(admin) });
      expect([path, status]).toEqual([path, 404]);
    }
    const read = { headers: bearer(reader) };
    expect((await ask(`${main}${BTC}`, read)).status).toBe(200);
    expect((await ask(`${door}${BTC}`, read)).status).toBe(200);
    expect((await ask(`${door}/api/keys`)).status).toBe(401);
    expect((await ask(`${door}/api/keys`, { headers: bearer(admin) })).status).toBe(200);
    expect((await ask(`${door}/admin/login`)).status).toBe(200);
  });

  it('keeps every secret out of its log', () => {
    for (const { log } of house.gateways) {
      expect(log).toContain('gateway listens');
      for (const key of [admin, reader]) expect(log).not.toContain(key.slice(12));
      expect(log).not.toContain('ck_');
    }
  });
});
