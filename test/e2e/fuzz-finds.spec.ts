import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { waitFor } from '../support/app-process';
import { readVitals } from '../support/fuzz/vitals';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const HOST = 'Host: 127.0.0.1\r\nConnection: close\r\n';
/** Connections that say half of something. */
const STUCK = 400;
/** What a gateway opens and keeps meanwhile for its own ends. */
const SPARE_SOCKETS = 8;
const SPARE_BYTES = 40 * 1_024 * 1_024;
const JSON_TYPE = 'Content-Type: application/json\r\n';
const CHUNKED = `${JSON_TYPE}Transfer-Encoding: chunked\r\n`;
const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\n${HOST}${headers}\r\n`;
const post = (path: string, body: string, headers = JSON_TYPE): string =>
  `POST ${path} HTTP/1.1\r\n${HOST}${headers}Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`;

describe('a request that something is wrong with', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.fuzzFinds });
  });
  afterAll(async () => {
    await house.close();
  });

  /** Sends these bytes (latin1) and reads the one answer to its end. */
  const say = async (bytes: string) => {
    const { hostname, port } = new URL(house.gateways[0]!.url());
    const socket = connect(Number(port), hostname);
    socket.write(bytes, 'latin1');
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim();
    return { status: Number(head.slice(9, 12)), body, header };
  };

  it.each([
    ['PUT /api/markets', 'GET, HEAD', '"detail":"PUT is not for /api/markets: expected one of GET'],
    ['PATCH /api/candles', 'DELETE, GET, HEAD', '"status":405'],
    ['POST /v1/candles/minutes/1', 'GET, HEAD', '{"error":{"name":405,"message":"POST is not for'],
    ['GET /api/candles/batch', 'POST', '"status":405'],
    ['DELETE /docs', 'GET, HEAD', '{"error":{"name":405'],
  ])('is told which methods there are: %s', async (line, allow, words) => {
    const { status, body, header } = await say(`${line} HTTP/1.1\r\n${HOST}\r\n`);
    expect([status, header('allow')]).toEqual([405, allow]);
    expect(body).toContain(words);
  });

  it('is told that there is nothing, whatever its method and its body are', async () => {
    const own = await say(post('/api/nope', '{'));
    expect([own.status, own.body]).toEqual([404, expect.stringContaining('at /api/nope.')]);
    const theirs = await say(post('/v1/nope', '{'));
    expect(theirs.body).toContain('"no Route matched with those values"');
  });

  it('finds the page of the API with a slash at its end as well', async () => {
    for (const [path, moved] of [
      ['/docs/', '/docs'],
      ['/api/markets/?a=b', '/api/markets?a=b'],
    ] as const) {
      const { status, header } = await say(get(path));
      expect([status, header('location')]).toEqual([308, moved]);
    }
    expect((await house.ask('/docs')).body).toContain('<title>Candlekeep API</title>');
    expect((await say(get('/v1/market/all/'))).status).toBe(404);
  });

  it.each([
    ['{"__proto__":{}}', 'The body has a member __proto__ or constructor.prototype: none may.'],
    ['{"requests":"\xff"}', 'The body is not UTF-8, which JSON is written in.'],
    ['{"requests":', 'The body is no JSON: Unexpected end of JSON input.'],
    [' '.repeat(1_100_000), 'The body is too long: 1 MB at most.'],
  ])('is told what its body is: %#', async (given, detail) => {
    const { status, body, header } = await say(post('/api/candles/batch', given));
    expect(status).toBe(given.length > 1_000 ? 413 : 400);
    expect(header('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toContain(`"detail":"${detail}"`);
  });

  it('is refused with a body that is compressed', async () => {
    const { status, body } = await say(
      post('/api/candles/batch', '{}', `${JSON_TYPE}Content-Encoding: gzip\r\n`),
    );
    expect([status, body]).toEqual([415, expect.stringContaining('leave Content-Encoding out')]);
  });

  it.each([
    [get('/api/markets', `X-A: ${'a'.repeat(20_000)}\r\n`), 431, '"status":431'],
    [get('/v1/market/all', `X-A: ${'a'.repeat(20_000)}\r\n`), 431, '{"error":{"name":431'],
    [get('/api/markets', 'X\0: a\r\n'), 400, 'is no HTTP/1.1: Invalid header token'],
    [get('/v1/market/all', 'Expect: 200-maybe\r\n'), 417, '{"error":{"name":417'],
    [get(`/api/preloads/${'a'.repeat(200)}`), 400, 'longer than 100 characters'],
    [get('/api/preloads/%ff'), 400, 'The path has a broken % escape.'],
    [get('/nope', 'Upgrade: websocket\r\n').replace('close', 'Upgrade'), 404, '/websocket/v1'],
    [
      get('/websocket/v1', 'Upgrade: websocket\r\n').replace('close', 'Upgrade'),
      400,
      'Sec-WebSocket-Key',
    ],
  ])(
    'is answered in the words of whoever was asked though it could not be read: %#',
    async (bytes, status, words) => {
      const answer = await say(bytes);
      expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(words)]);
    },
  );

  it('is answered in the words of whoever was asked though its body broke when its head was read', async () => {
    const { hostname, port } = new URL(house.gateways[0]!.url());
    const socket = connect(Number(port), hostname);
    socket.write(`POST /api/backfills HTTP/1.1\r\n${HOST}${CHUNKED}\r\n2\r\n{}\r\n`);
    await house.ask('/health/live');
    socket.write('no chunk\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 [^]*\{"type":"about:blank"/);
  });

  it('means the same whichever way its URL is spelled', async () => {
    expect((await say(get('/%61pi/coverage'))).header('content-type')).toMatch(/problem\+json/);
    const plain = await house.ask('/v1/ticker?markets=KRW-BTC');
    for (const path of ['/v1/%74icker', 'http://elsewhere.example/v1/ticker']) {
      expect((await say(get(`${path}?markets=KRW-BTC`))).status).toBe(plain.status);
    }
  });

  it('is not passed on to the exchange when that would be asked something else', async () => {
    const { status, body } = await say(get('/v1/ticker?markets=KRW-BTC#x'));
    expect([status, body]).toEqual([400, expect.stringContaining('percent-encoded')]);
  });

  it('is told of twenty problems, not of thousands', async () => {
    const { body } = await house.ask(`/api/candles?columns=${','.repeat(8_000)}`);
    expect(body.length).toBeLessThan(8_000);
    expect(body).toMatch(/; and \d+ more/);
  });

  it('is answered, body and all, when it offers another protocol', async () => {
    const offer = `${JSON_TYPE}Upgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n`;
    const question = '{"requests":[{"market":"KRW-BTC","timeframe":"1m","count":1}]}';
    const bytes = post('/api/candles/batch', question, offer);
    const { status, body } = await say(bytes.replace('close', 'Upgrade, HTTP2-Settings'));
    expect([status, body]).toEqual([200, expect.stringContaining('{"answers":[{"status":200')]);
  });

  it('for ever holds up nobody else, and leaves nothing behind', async () => {
    const gateway = house.gateways[0]!;
    const { hostname, port } = new URL(gateway.url());
    const said = [
      ...['', 'GET /v1/market/all HT', `GET /v1/market/all HTTP/1.1\r\n${HOST}X-Slow: `],
      `POST /api/candles/batch HTTP/1.1\r\n${HOST}${JSON_TYPE}Content-Length: 99\r\n\r\n{`,
    ];
    const before = readVitals(gateway.pid);
    const sockets = Array.from({ length: STUCK }, (_, index) => {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      socket.write(said[index % said.length] ?? '');
      return socket;
    });
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    for (let asked = 0; asked < 20; asked += 1) {
      expect((await house.ask('/v1/market/all')).status).toBe(200);
    }
    for (const [index, socket] of sockets.entries()) {
      if (index % 2 === 0) socket.destroy();
      else socket.end();
    }
    await waitFor(() => {
      const now = readVitals(gateway.pid);
      expect(now?.sockets ?? 0).toBeLessThanOrEqual((before?.sockets ?? 0) + SPARE_SOCKETS);
      expect(now?.rssBytes ?? 0).toBeLessThan((before?.rssBytes ?? 0) + SPARE_BYTES);
    });
  });

  it('is no news for the log', async () => {
    const { hostname, port } = new URL(house.gateways[0]!.url());
    const socket = connect(Number(port), hostname);
    socket.write(`POST /api/backfills HTTP/1.1\r\n${HOST}${JSON_TYPE}Content-Length: 99\r\n\r\n{`);
    socket.end();
    await text(socket);
    await house.ask('/health/live');
    expect(house.gateways[0]!.log).not.toContain('"level":"error"');
  });
});
