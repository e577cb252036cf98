import { request } from 'node:http';
import { AppProcess } from '../support/app-process';
import { ask, bearer, KeyedHouse, type Said } from '../support/access/keyed-house';
import { redisDatabases } from '../support/redis-databases';

const HTML = { accept: 'text/html' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'content-type': 'application/json' };
const NEW_KEY = '{"name":"new"}';

/** A request that says what `fetch` does not let anybody say. */
async function statusOf(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  return await new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...headers } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end(method === 'GET' ? undefined : NEW_KEY);
  });
}

function cookieOf({ headers }: Said): string {
  return headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('a person at a gateway', () => {
  let house: KeyedHouse;
  let keyed: AppProcess;
  /** Reachable by others, and asks for no key. */
  let unlocked: AppProcess;
  let local: AppProcess;
  let admin: string;
  const logIn = async (url: string, key: string, headers: Readonly<Record<string, string>> = {}) =>
    await ask(`${url}/admin/login`, {
      ...{ method: 'POST', headers: { ...FORM, ...headers } },
      body: new URLSearchParams({ key }).toString(),
    });

  beforeAll(async () => {
    house = await KeyedHouse.start(redisDatabases.accessPeople);
    admin = await house.keys('create', '--name', 'me', '--scope', 'admin');
    [keyed, unlocked, local] = await Promise.all([
      house.open({ HOST: '0.0.0.0' }),
      house.open({ HOST: '0.0.0.0', AUTH: 'off' }),
      house.open({}),
    ]);
  });

  afterAll(async () => {
    await house.close();
  });

  it('is led from the dashboard to where to log in, and nowhere else', async () => {
    const page = await ask(`${keyed.url()}/admin`, { headers: HTML });
    expect([page.status, page.headers.get('location')]).toEqual([303, '/admin/login']);
    const login = await ask(`${keyed.url()}/admin/login`, { headers: HTML });
    expect([login.status, login.body]).toEqual([200, expect.stringContaining('type="password"')]);
    expect(login.headers.get('content-security-policy')).not.toContain('unsafe');
    expect((await ask(`${keyed.url()}/admin/login.css`)).status).toBe(200);
    for (const path of ['/admin/assets/dashboard.js', '/admin/queues', '/admin/x', '/api/keys']) {
      const { status } = await ask(`${keyed.url()}${path}`, { headers: HTML });
      expect([path, status]).toEqual([path, 401]);
    }
  });

  it('logs in with a key of the admin scope, for every gateway, and out again', async () => {
    const reader = await house.keys('create', '--name', 'reads');
    for (const key of ['', 'ck_wrong', reader]) {
      const { status, body } = await logIn(keyed.url(), key);
      expect([status, body]).toEqual([401, expect.stringContaining('role="alert"')]);
      if (key !== '') expect(body).not.toContain(key);
    }
    const welcome = await logIn(keyed.url(), ` ${admin} `);
    expect([welcome.status, welcome.headers.get('location')]).toEqual([303, '/admin']);
    expect(welcome.headers.get('set-cookie')).toMatch(
      /^candlekeep-session=\S{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const cookie = cookieOf(welcome);
    for (const gateway of [keyed, unlocked]) {
      expect((await ask(`${gateway.url()}/api/keys`, { headers: { cookie } })).status).toBe(200);
    }
    const url = keyed.url();
    const out = { method: 'POST', headers: { cookie, origin: url } };
    const bye = await ask(`${url}/admin/logout`, out);
    expect(bye.status).toBe(303);
    expect(bye.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await ask(`${url}/api/keys`, { headers: { cookie } })).status).toBe(401);
  });

  it('holds a cookie that browsers bind to this host where there is TLS', async () => {
    const welcome = await logIn(keyed.url(), admin, { 'x-forwarded-proto': 'https' });
    expect(welcome.headers.get('set-cookie')).toMatch(
      /^__Host-candlekeep=\S{43};.* Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    const cookie = cookieOf(welcome);
    expect((await ask(`${keyed.url()}/api/keys`, { headers: { cookie } })).status).toBe(200);
  });

  it('changes things on pages of the gateway alone', async () => {
    const url = keyed.url();
    const cookie = cookieOf(await logIn(url, admin));
    const host = new URL(url).host;
    const make = async (headers: Readonly<Record<string, string>>) =>
      await statusOf(`${url}/api/keys`, 'POST', { cookie, host, ...JSON_BODY, ...headers });
    expect(await make({})).toBe(403);
    expect(await make({ origin: 'https://evil.example' })).toBe(403);
    expect(await make({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await make({ 'sec-fetch-site': 'same-site', origin: url })).toBe(403);
    expect(await make({ 'sec-fetch-site': 'same-origin', origin: url })).toBe(201);
    expect(await make({ origin: url })).toBe(201);
    const forged = { ...FORM, 'sec-fetch-site': 'cross-site' };
    expect(await statusOf(`${url}/admin/login`, 'POST', forged)).toBe(403);
  });

  it('is logged out with the key that it was logged in with', async () => {
    const key = await house.keys('create', '--name', 'lost', '--scope', 'admin');
    const id = key.slice(3, 11);
    let cookie = '';
    while (cookie === '') cookie = cookieOf(await logIn(keyed.url(), key));
    const revoke = { method: 'DELETE', headers: bearer(admin) };
    expect((await ask(`${keyed.url()}/api/keys/${id}`, revoke)).status).toBe(204);
    expect((await ask(`${keyed.url()}/api/keys`, { headers: { cookie } })).status).toBe(401);
  });

  it('who wants pictures of the dashboard is told which key to give', async () => {
    const take = async (environment: Readonly<Record<string, string>>) =>
      await house.command('test/browser/screens.mjs', [keyed.url()], environment);
    const [none, wrong] = await Promise.all([take({}), take({ CANDLEKEEP_KEY: 'ck_wrong' })]);
    expect(none).toEqual({
      code: 1,
      output: 'This gateway asks for a key: set CANDLEKEEP_KEY to one of the scope admin.\n',
    });
    expect(wrong).toEqual({
      code: 1,
      output: 'The key in CANDLEKEEP_KEY is no active key of the scope admin.\n',
    });
  });

  it('needs no key where AUTH is off, except for the administration', async () => {
    const url = unlocked.url();
    expect((await ask(`${url}/api/cache`)).status).toBe(200);
    const remove = { method: 'DELETE' };
    expect((await ask(`${url}/api/strategies/none`, remove)).status).toBe(404);
    const under = async (host: string) =>
      await statusOf(`${url}/api/backfills`, 'POST', { ...JSON_BODY, host });
    expect([await under('gateway:3000'), await under('evil.example')]).toEqual([400, 403]);
    for (const path of ['/api/keys', '/admin/queues', '/admin/x']) {
      expect([path, (await ask(`${url}${path}`)).status]).toEqual([path, 401]);
    }
    expect((await ask(`${url}/api/keys`, { headers: bearer(admin) })).status).toBe(200);
  });

  it('needs none at all on this machine, and no page elsewhere can use that', async () => {
    const url = `${local.url()}/api/keys`;
    expect((await ask(url)).status).toBe(200);
    expect((await ask(`${local.url()}/admin`, { headers: HTML })).status).toBe(200);
    const quieter = { method: 'PUT', headers: JSON_BODY, body: '{"level":"info"}' };
    expect((await ask(`${local.url()}/api/log-level`, quieter)).status).toBe(204);
    const strange = {
      ...JSON_BODY,
      'sec-fetch-site': 'cross-site',
      origin: 'https://evil.example',
    };
    expect(await statusOf(url, 'POST', strange)).toBe(403);
    const rebound = { ...JSON_BODY, host: 'evil.example:3000', 'sec-fetch-site': 'same-origin' };
    expect(await statusOf(url, 'POST', rebound)).toBe(403);
    expect(await statusOf(url, 'GET', { host: 'evil.example:3000' })).toBe(403);
  });

  it('is answered with limits of what may be sent', async () => {
    const url = local.url();
    const long = await ask(`${url}/api/candles?market=${'x'.repeat(9_000)}`);
    expect([long.status, long.headers.get('content-type')]).toEqual([
      ...[414, 'application/problem+json; charset=utf-8'],
    ]);
    const body = JSON.stringify({ name: 'x'.repeat(1_100_000) });
    const headers = { ...bearer(admin), ...JSON_BODY };
    const big = await ask(`${url}/api/keys`, { method: 'POST', headers, body });
    expect(JSON.parse(big.body)).toMatchObject({ status: 413, title: 'Payload Too Large' });
  });

  it('leaves no secret in any log', () => {
    for (const { log } of house.gateways) expect(log).not.toMatch(/ck_|session=/);
  });
});
