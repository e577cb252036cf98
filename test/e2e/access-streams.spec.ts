import { once } from 'node:events';
import { connect } from 'node:net';
import { SystemClock } from '@candlekeep/clock';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { MOST_STREAMS } from '../../apps/gateway/src/access/stream-passes';
import { ask, bearer, KeyedHouse } from '../support/access/keyed-house';
import { type AppProcess, waitFor } from '../support/app-process';
import { redisDatabases } from '../support/redis-databases';
import { EventFollower } from '../support/stream/event-follower';
import { StreamFollower } from '../support/stream/stream-follower';

const MINUTE_S = 60;
const clock = new SystemClock();

/** The status of an upgrade that is refused; the follower where it is not. */
async function follow(url: string, key: string): Promise<StreamFollower | number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/websocket/v1`, {
    headers: bearer(key),
  });
  socket.on('error', () => undefined);
  return await new Promise((resolve) => {
    socket.on('unexpected-response', (_asked, { statusCode = 0 }) => {
      resolve(statusCode);
      socket.terminate();
    });
    socket.on('open', () => {
      socket.terminate();
      resolve(StreamFollower.open(url, { headers: bearer(key) }));
    });
  });
}

describe('who follows the streams of a gateway with a key', () => {
  let house: KeyedHouse;
  let gateway: AppProcess;
  let url: string;
  const keys: Record<'spare' | 'few' | 'many' | 'eager' | 'other', string> = {
    ...{ spare: '', few: '', many: '', eager: '', other: '' },
  };
  const events = async (key: string, series: readonly string[], lastId?: string) =>
    await EventFollower.open(
      `${url}/api/stream?${series.map((one) => `series=${one}`).join('&')}`,
      lastId,
      bearer(key),
    );
  const ready = async () => (await ask(`${url}/health/ready`)).status;

  beforeAll(async () => {
    house = await KeyedHouse.start(redisDatabases.accessStreams);
    const make = async (name: string, ...more: string[]) =>
      await house.keys('create', '--name', name, ...more);
    keys.few = await make('few', '--rows-per-minute', '300');
    for (const name of ['spare', 'many', 'eager', 'other'] as const) keys[name] = await make(name);
    gateway = await house.open({ HOST: '0.0.0.0' });
    url = gateway.url();
  });

  afterAll(async () => {
    await house.close();
  });

  it('is told no more soon after the key was revoked, and why', async () => {
    const stream = await follow(url, keys.spare);
    if (typeof stream === 'number') throw new Error(`the upgrade was refused: ${stream}`);
    stream.subscribe([{ type: 'candle.1m', codes: ['KRW-BTC'] }]);
    const told = await events(keys.spare, ['KRW-BTC:1m', 'KRW-ETH:5m']);
    await waitFor(() => {
      expect(stream.frames.length).toBeGreaterThan(0);
      expect(told.events.length).toBeGreaterThan(1);
    });
    await house.keys('revoke', keys.spare.slice(3, 11));
    const startMs = clock.monotonicMs();
    const [code] = await Promise.all([stream.closed, told.ended]);
    expect(clock.monotonicMs() - startMs).toBeLessThan(10_000);
    expect(code).toBe(1_008);
    expect(stream.frames.at(-1)).toContain('INVALID_AUTH');
    expect(told.events.at(-1)).toMatchObject({ event: 'revoked' });
    expect(await follow(url, keys.spare)).toBe(401);
    expect((await events(keys.spare, ['KRW-BTC:1m'])).response.statusCode).toBe(401);
  });

  it('pays for candles that were missed as for all others, and begins nothing new while they are not paid', async () => {
    const since = Math.floor(clock.nowMs() / 1_000 / MINUTE_S - 190) * MINUTE_S;
    const series = ['KRW-BTC:1m', 'KRW-ETH:1m', 'KRW-BTC:3m', 'KRW-ETH:3m'];
    const lastId = series.map((one) => `${one}=${since}`).join(',');
    const told = await events(keys.few, series, lastId);
    const finals = () => told.events.filter(({ data }) => data.includes('"final":true')).length;
    await waitFor(() => {
      expect(finals()).toBeGreaterThan(180);
    });
    await waitFor(async () => {
      expect((await ask(`${url}/api/cache`, { headers: bearer(keys.few) })).status).toBe(429);
    });
    expect(await follow(url, keys.few)).toBe(429);
    const again = await events(keys.few, series, lastId);
    expect([again.response.statusCode, Number(again.response.headers['retry-after']) > 1]).toEqual([
      ...[429, true],
    ]);
    const { length } = told.events;
    await clock.sleep(1_500);
    expect(told.events).toHaveLength(length);
    // A page is told as soon as there is anything to pay from: what was beyond is paid for before the next one.
    expect(finals()).toBeLessThanOrEqual(2 * 190);
    told.close();
  });

  it('follows so many at once, and another one when one has ended', async () => {
    const open = async () => await events(keys.many, ['KRW-BTC:1m']);
    const all = [];
    // Fewer at a time than a key may have requests under way.
    while (all.length < MOST_STREAMS - 1) {
      const next = Math.min(50, MOST_STREAMS - 1 - all.length);
      all.push(...(await Promise.all(Array.from({ length: next }, open))));
    }
    expect(new Set(all.map(({ response }) => response.statusCode))).toEqual(new Set([200]));
    const stream = await follow(url, keys.many);
    if (typeof stream === 'number') throw new Error(`the upgrade was refused: ${stream}`);
    const more = await open();
    expect([more.response.statusCode, more.response.headers['retry-after']]).toEqual([429, '5']);
    expect(await follow(url, keys.many)).toBe(429);
    expect((await events(keys.other, ['KRW-BTC:1m'])).response.statusCode).toBe(200);
    await stream.close();
    await waitFor(async () => {
      expect((await open()).response.statusCode).toBe(200);
    });
    for (const each of all) each.close();
  });

  it('cannot keep the gateway from others by asking ahead and reading nothing', async () => {
    const others = bearer(keys.other);
    const candles = '/api/candles?market=KRW-BTC&timeframe=1m';
    expect((await ask(`${url}${candles}&count=3400`, { headers: others })).status).toBe(200);
    // What is known: on a busy machine the exchange's answer may come too late, whoever else asks.
    const days = `${url}/v1/candles/days?market=KRW-ETH`;
    const patient = { headers: { ...others, 'cache-control': 'max-age=600' } };
    expect((await ask(days, patient)).status).toBe(200);
    const { port, hostname } = new URL(url);
    const head = `HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${keys.eager}\r\n\r\n`;
    const sockets = [0, 1, 2, 3].map((one) => {
      const socket = connect(Number(port), hostname).pause();
      const paths = Array.from(
        { length: 300 },
        (_, i) => `${candles}&count=${2_200 + one * 300 + i}`,
      );
      socket.on('error', () => undefined);
      socket.write(paths.map((path) => `GET ${path} ${head}`).join(''));
      return socket;
    });
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    for (let look = 0; look < 4; look += 1) {
      expect(await ready()).toBe(200);
      expect((await ask(days, patient)).status).toBe(200);
    }
    const heads = sockets.map(async (socket) => {
      const [first] = z.tuple([z.instanceof(Buffer)]).parse(await once(socket, 'data'));
      return first.toString('latin1', 0, 12);
    });
    for (const socket of sockets) socket.resume();
    expect(await Promise.all(heads)).toEqual(sockets.map(() => 'HTTP/1.1 200'));
    for (const socket of sockets) socket.destroy();
    expect(gateway.log.match(/"level":"error"/g) ?? []).toEqual([]);
  });
});
