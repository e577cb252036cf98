import { get } from 'node:http';
import { keys } from '@candlekeep/redis';
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
  let spare: string;
  let url: string;

  beforeAll(async () => {
    house = await KeyedHouse.start(redisDatabases.access);
    await expect(house.open({ HOST: '0.0.0.0' })).rejects.toThrow(
      /npm run keys -- create [^]*AUTH=off/,
    );
    [admin = '', reader = '', spare = ''] = await Promise.all([
      house.keys('create', '--name', 'me', '--scope', 'admin'),
      house.keys('create', '--name', 'bots'),
      house.keys('create', '--name', 'spare'),
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
    for (const each of [url, other.url(1)]) {
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

  it('makes and revokes keys, which every gateway knows soon after', async () => {
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
    }, 10_000);
    const revoke = { method: 'DELETE', headers: bearer(admin) };
    expect((await ask(`${url}/api/keys/${id}`, revoke)).status).toBe(204);
    expect((await ask(`${url}${BTC}`, { headers: bearer(key) })).status).toBe(401);
    await waitFor(async () => {
      expect(await status()).toBe(401);
    }, 10_000);
    expect((await ask(`${url}/api/keys/${id}`, revoke)).status).toBe(404);
    const listed = await ask(`${url}/api/keys`, { headers: bearer(admin) });
    expect(listed.body).not.toContain(key.slice(12));
    const answered = async (expected: number): Promise<void> => {
      await waitFor(async () => {
        expect((await ask(`${url}${BTC}`, { headers: bearer(spare) })).status).toBe(expected);
      }, 10_000);
    };
    await answered(200);
    await house.keys('revoke', spare.slice(3, 11));
    await answered(401);
    const table = await house.keys('list');
    expect(table).toMatch(new RegExp(`${id} +brief +read .*revoked`));
    expect(table).toMatch(/spare +read .*revoked/);
  });

  it('is shown the key of a command by its environment, and never on its command line', async () => {
    const [purge, gateway] = [
      ['purge', '--market', 'KRW-NOPE', '--yes'],
      ['--gateway', url],
    ];
    const say = async (CANDLEKEEP_KEY: string) =>
      await house.command('operator', [...purge, ...gateway], { CANDLEKEEP_KEY });
    expect(await say(admin)).toEqual({ code: 1, output: 'nothing of KRW-NOPE is stored\n' });
    const none = await say('');
    expect(none).toMatchObject({ code: 1 });
    expect(none.output).toMatch(/^This gateway wants a key: .* Set CANDLEKEEP_KEY to a key.*\n$/);
    const lesser = await say(reader);
    expect(lesser.output).toMatch(/^This key may read .* is the key in CANDLEKEEP_KEY\.\n$/);
    const odd = await say(`${reader}\nX-A: 1`);
    expect(odd.output).toMatch(/^CANDLEKEEP_KEY: expected a key as .*\n$/);
    const key = { CANDLEKEEP_KEY: reader };
    const table = await house.command('calculator', ['--once', ...gateway], key);
    expect([table.code, table.output]).toEqual([0, expect.stringContaining('RSI')]);
    const refused = await house.command('calculator', ['--once', ...gateway]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.output).toMatch(/^This gateway wants a key: .* Set CANDLEKEEP_KEY .*\n$/);
    const all = [none, lesser, odd, table, refused].map(({ output }) => output).join('');
    expect(all).not.toContain(reader.slice(12));
    expect((await house.command('operator', ['--help'])).output).toContain('CANDLEKEEP_KEY');
  });

  it('knows callers by the name of their key, unless they say one of their own', async () => {
    const question = `${url}/v1/candles/minutes/3?market=KRW-BTC&count=9`;
    const headers = bearer(reader);
    expect((await ask(question, { headers })).status).toBe(200);
    const named = { headers: { ...headers, 'x-candlekeep-caller': 'desk-7' } };
    expect((await ask(question, named)).status).toBe(200);
    await waitFor(async () => {
      const notes = JSON.stringify(await house.queue.xrange(keys.usageNotes, '-', '+'));
      for (const caller of ['bots', 'desk-7']) expect(notes).toContain(`${caller} KRW-BTC 3m 9 `);
    });
    for (const odd of ['two words', 'x'.repeat(65), '../../etc']) {
      const said = { headers: { ...headers, 'x-candlekeep-caller': odd } };
      const [theirs, own] = [question, `${url}/api/candles?market=KRW-BTC&timeframe=1m`];
      for (const each of [theirs, own]) {
        const { status, body } = await ask(each, said);
        expect([status, body]).toEqual([400, expect.stringContaining('expected 1 to 64 letters')]);
      }
    }
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
