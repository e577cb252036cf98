import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { AppProcess } from '../support/app-process';
import { ask, bearer, KeyedHouse } from '../support/access/keyed-house';
import { redisDatabases } from '../support/redis-databases';

type Headers = Readonly<Record<string, string>>;

const JSON_BODY = { 'content-type': 'application/json' };
const EVIL = 'evil.example';
const CANDLES = ['/v1/candles/minutes/1?market=KRW-BTC&count=1', '/v1/market/all'];
const CONSOLE = ['/api/keys', '/api/log-level', '/admin', '/admin/queues/api/queues'];
const HABITS = ['/api/strategies', '/api/backfills', '/api/preloads', '/api/patterns'];
const FIGURES = ['/api/cache', '/api/overview', '/metrics'];
const PURGE = 'DELETE /api/candles?market=KRW-NONE';
const CHANGES = [PURGE, 'DELETE /api/strategies/none', 'POST /api/backfills'];

/** What was asked (`POST /path`), and how: also as `fetch` lets nobody ask. */
async function say(url: string, what: string, headers: Headers = {}, body?: string) {
  const [method = '', path = ''] = what.split(' ');
  return await new Promise<{ readonly status: number; readonly body: string }>(
    (resolve, reject) => {
      const sent = request(`${url}${path}`, { method, headers: { ...headers } }, (answer) => {
        text(answer).then((said) => {
          resolve({ status: answer.statusCode ?? 0, body: said });
        }, reject);
      });
      sent.on('upgrade', (_answer, socket) => {
        socket.destroy();
        resolve({ status: 101, body: '' });
      });
      sent.on('error', reject);
      sent.end(body);
    },
  );
}

/** As nginx asks whoever stands behind it when it is told nothing: HTTP/1.0, by the address that it was given. */
async function sayAsBareProxy(url: string, what: string): Promise<string> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`${what} HTTP/1.0\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  return await text(socket);
}

describe('a stranger at a gateway that asks for no key', () => {
  let house: KeyedHouse;
  /** Meant for this machine; every page may read there. */
  let local: string;
  /** The administration's, on this machine alone, of one that others can reach. */
  let door: string;
  let gateways: readonly AppProcess[];
  let admin: string;
  const statuses = async (url: string, asked: readonly string[], headers: Headers = {}) => {
    const seen = await Promise.all(
      asked.map(async (what) => {
        const line = what.startsWith('/') ? `GET ${what}` : what;
        return (await say(url, line, headers)).status;
      }),
    );
    return [...new Set(seen)];
  };
  const makeKey = async (url: string, headers: Headers = {}) =>
    await say(url, 'POST /api/keys', { ...JSON_BODY, ...headers }, '{"name":"mine"}');

  beforeAll(async () => {
    house = await KeyedHouse.start(redisDatabases.accessStrangers);
    const reachable = { HOST: '0.0.0.0', AUTH: 'off' };
    const doors = { ADMIN_HOST: '127.0.0.1', ADMIN_PORT: '0' };
    [admin, gateways] = await Promise.all([
      house.keys('create', '--name', 'me', '--scope', 'admin'),
      Promise.all([house.open({ CORS_ORIGINS: '*' }), house.open({ ...reachable, ...doors })]),
    ]);
    [local, door] = [gateways[0]!.url(), gateways[1]!.url(1)];
  });
  afterAll(async () => {
    await house.close();
  });

  it('makes and revokes no keys, not even from this machine', async () => {
    for (const url of [local, door]) {
      const { status, body } = await makeKey(url);
      expect([status, body]).toEqual([401, expect.stringContaining('npm run keys')]);
      expect((await say(url, 'DELETE /api/keys/abcd2345')).status).toBe(401);
      expect((await say(url, 'GET /api/keys')).status).toBe(200);
      expect((await makeKey(url, bearer(admin))).status).toBe(201);
    }
  });

  it.each([
    [{ 'x-forwarded-for': '203.0.113.7' }],
    [{ forwarded: 'for=203.0.113.7;proto=https' }],
    [{ via: '1.1 Caddy' }],
    [{ 'x-real-ip': '203.0.113.7' }],
  ])('comes through a proxy, and then reads candles alone: %j', async (headers) => {
    expect(await statuses(local, CANDLES, headers)).toEqual([200]);
    expect(await statuses(local, [...CONSOLE, ...HABITS, ...CHANGES], headers)).toEqual([401]);
    const { body } = await say(local, PURGE, headers);
    expect(body).toMatch(/behind a proxy.*AUTH=keys/);
    expect((await say(local, 'GET /api/keys', { ...headers, ...bearer(admin) })).status).toBe(200);
    const person = { ...headers, accept: 'text/html' };
    expect((await say(local, 'GET /admin', person)).status).toBe(303);
  });

  it('comes through a proxy that says nothing of it, and then reads candles alone', async () => {
    expect(await sayAsBareProxy(local, `GET ${CANDLES[1]}`)).toMatch(/^HTTP\/1\.1 200/);
    for (const path of [...CONSOLE, ...HABITS]) {
      expect(await sayAsBareProxy(local, `GET ${path}`)).toMatch(/^HTTP\/1\.1 401/);
    }
    expect(await sayAsBareProxy(local, PURGE)).toMatch(/^HTTP\/1\.1 401/);
    expect(await sayAsBareProxy(local, 'GET /health/ready')).toMatch(/^HTTP\/1\.1 200/);
  });

  it.each([EVIL, `${EVIL}:3000`, '203.0.113.7', 'localhost.evil.example'])(
    'comes to this machine under another name, and then reads candles alone: %s',
    async (host) => {
      expect(await statuses(local, CANDLES, { host })).toEqual([200]);
      const rest = [...CONSOLE, ...HABITS, ...FIGURES, ...CHANGES];
      expect(await statuses(local, rest, { host })).toEqual([403]);
      expect(await statuses(door, CONSOLE, { host })).toEqual([403]);
    },
  );

  it('rebinds a name to the administration’s own door in vain', async () => {
    const rebound = { host: `${EVIL}:3963`, origin: `http://${EVIL}:3963` };
    expect((await makeKey(door, rebound)).status).toBe(403);
    expect((await say(door, 'GET /api/keys', rebound)).status).toBe(403);
  });

  it('follows the stream from no page that took another name', async () => {
    const offer = {
      ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
      'sec-websocket-key': Buffer.alloc(16, 1).toString('base64'),
    };
    const follow = async (headers: Headers) =>
      await say(local, 'GET /websocket/v1', { ...offer, ...headers });
    expect((await follow({ host: EVIL, origin: `http://${EVIL}` })).status).toBe(403);
    expect((await follow({ host: EVIL })).status).toBe(101);
    expect((await follow({ origin: 'https://charts.example' })).status).toBe(101);
  });

  it('changes nothing from a page that may read answers', async () => {
    const page = { origin: 'https://evil.example' };
    for (const headers of [page, { ...page, 'sec-fetch-site': 'cross-site' }]) {
      expect((await makeKey(local, headers)).status).toBe(403);
      expect(await statuses(local, [...CHANGES, '/api/keys'], headers)).toEqual([403]);
      expect(await statuses(local, [...CANDLES, ...HABITS], headers)).toEqual([200]);
    }
    const job = { ...page, 'content-type': 'application/x-www-form-urlencoded' };
    const add = 'POST /admin/queues/api/queues/candles/add';
    expect((await say(local, add, job, 'name=x&data=1')).status).toBe(403);
    const preflight = { ...page, 'access-control-request-method': 'DELETE' };
    const { headers } = await ask(`${local}/api/candles`, {
      method: 'OPTIONS',
      headers: preflight,
    });
    expect(headers.get('access-control-allow-methods')).toBe('GET, HEAD, POST');
  });

  it('is led from a link on another page to the dashboard', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await say(local, 'GET /admin', link)).status).toBe(200);
  });

  it('finds a warning of it in the log', () => {
    expect(gateways[1]!.log).toMatch(/"level":"warn".*no key is asked for.*purge/i);
    expect(gateways[0]!.log).toMatch(/no key is asked for.*AUTH=keys/i);
  });

  it.each(['h2c', 'websocket'])(
    'is answered at the administration’s door whatever it offers: %s',
    async (upgrade) => {
      const offer = { connection: 'Upgrade', upgrade };
      expect((await say(door, 'GET /api/keys', offer)).status).toBe(200);
    },
  );

  it('is told what is wrong with its columns however deep they are', async () => {
    const columns = `${'['.repeat(400_000)}${']'.repeat(400_000)}`;
    const body = `{"requests":[{"market":"KRW-BTC","timeframe":"1m","columns":[${columns}]}]}`;
    const said = await say(local, 'POST /api/candles/batch', JSON_BODY, body);
    expect([said.status, said.body]).toEqual([200, expect.stringContaining('; a list is none')]);
  });

  it('revokes no key that has no id', async () => {
    for (const id of ['a%00b', 'ABCD2345', '%F0%9F%90%A6']) {
      const { status } = await say(local, `DELETE /api/keys/${id}`, bearer(admin));
      expect(status).toBe(404);
    }
  });

  it('leaves nothing in a cache that was not meant for it', async () => {
    for (const path of [...HABITS, '/api/keys', '/api/overview', '/api/nowhere']) {
      const { headers } = await ask(`${local}${path}`);
      expect([path, headers.get('cache-control')]).toEqual([path, 'no-store']);
    }
    const candles = await ask(`${local}/api/candles?market=KRW-BTC&timeframe=1m&count=1`);
    expect(candles.headers.get('cache-control')).toBe('no-cache');
    const docs = await ask(`${local}/docs`);
    const policy = docs.headers.get('content-security-policy');
    for (const rule of ["frame-ancestors 'none'", "base-uri 'none'"])
      expect(policy).toContain(rule);
  });
});
