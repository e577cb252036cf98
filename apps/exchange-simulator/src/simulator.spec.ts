import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { ManualClock } from '@candlekeep/clock';
import { ask } from '../testing/ask';
import { LeapingClock } from '../testing/leaping-clock';
import { CannotListen } from './http/open-server';
import { startSimulator, type Simulator, type SimulatorOptions } from './simulator';

const NOW_MS = Date.UTC(2026, 10, 22, 13, 50, 2, 345);

describe('a running simulator', () => {
  const started: Simulator[] = [];
  const clock = new ManualClock(NOW_MS);
  const start = async (options: SimulatorOptions = {}): Promise<Simulator> => {
    const simulator = await startSimulator({ clock, controlPort: 0, ...options });
    started.push(simulator);
    return simulator;
  };
  afterEach(async () => {
    for (const simulator of started.splice(0)) await simulator.close();
  });

  it('answers a page with the exchange’s headers', async () => {
    const { url } = await start();
    const { status, headers, raw } = await ask(
      `${url}/v1/candles/minutes/1?market=KRW-BTC&count=200`,
    );
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/json;charset=UTF-8',
      'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
      pragma: 'no-cache',
      expires: '0',
      vary: 'origin,access-control-request-method,access-control-request-headers,accept-encoding',
      date: 'Sun, 22 Nov 2026 13:50:02 GMT',
      etag: `W/"0${createHash('md5').update(raw).digest('hex')}"`,
      'remaining-req': 'group=candles; min=600; sec=9',
      'limit-by-ip': 'Yes',
      'content-length': String(raw.length),
    });
    expect(raw.toString()).toMatch(
      /^\[\{"market":"KRW-BTC","candle_date_time_utc":"2026-11-22T13:(50|49):00",/,
    );
    expect(raw.toString().match(/"unit":1\}/g)).toHaveLength(200);
  });

  it('compresses for those who accept it, in chunks, with the ETag of the plain body', async () => {
    const { url } = await start();
    const target = `${url}/v1/candles/days?market=KRW-ETH&count=3&to=2026-11-01T00:00:00Z`;
    const plain = await ask(target);
    const packed = await ask(target, { headers: { 'Accept-Encoding': 'gzip, deflate' } });
    expect(packed.headers).toMatchObject({
      'content-encoding': 'gzip',
      'transfer-encoding': 'chunked',
      etag: plain.headers.etag,
    });
    expect(gunzipSync(packed.raw)).toEqual(plain.raw);
    const short = await ask(`${url}/v1/candles/days?market=KRW-NOPE`, {
      headers: { 'Accept-Encoding': 'gzip' },
    });
    expect(short.headers['content-encoding']).toBeUndefined();
    const refused = await ask(target, { headers: { 'Accept-Encoding': 'gzip;q=0' } });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });

  it('gives a HEAD the headers alone', async () => {
    const { url } = await start();
    const { status, raw, headers } = await ask(`${url}/v1/candles/days?market=KRW-BTC`, {
      method: 'HEAD',
    });
    expect([status, raw.length]).toEqual([200, 0]);
    expect(Number(headers['content-length'])).toBeGreaterThan(300);
  });

  it('lists its markets in raw UTF-8, with their events when details are asked for, by either name', async () => {
    const { url } = await start();
    const { raw, headers } = await ask(`${url}/v1/market/all`);
    expect(headers['remaining-req']).toBe('group=market; min=600; sec=9');
    expect(raw.toString()).toContain(
      '[{"market":"KRW-BTC","korean_name":"비트코인","english_name":"Bitcoin"},{"market":"KRW-ETH","korean_name":"이더리움","english_name":"Ethereum"}',
    );
    const details = await ask(`${url}/v1/market/all?is_details=true`);
    expect(details.raw.toString()).toContain(
      '"english_name":"Kyber Network","market_event":{"warning":false,"caution":{"PRICE_FLUCTUATIONS":false,',
    );
    expect((await ask(`${url}/v1/market/all?isDetails=true`)).raw).toEqual(details.raw);
  });

  it('counts the calls left in the second down and refuses the eleventh in plain text, until the first is a second old', async () => {
    const { url } = await start();
    const target = `${url}/v1/candles/days?market=KRW-BTC`;
    const left: unknown[] = [];
    for (let i = 0; i < 10; i += 1) {
      left.push((await ask(target)).headers['remaining-req']?.toString().slice(-1));
    }
    expect(left.join('')).toBe('9876543210');
    const refused = await ask(target);
    expect([refused.status, refused.raw.toString()]).toEqual([429, 'Too many API requests.']);
    expect(refused.headers['content-type']).toMatch(/^text\/plain/);
    expect((await ask(`${url}/v1/market/all`)).status).toBe(200);
    await clock.advance(999);
    expect((await ask(target)).status).toBe(429);
    await clock.advance(1);
    expect((await ask(target)).status).toBe(200);
  });

  it('allows calls with an Origin once in ten seconds', async () => {
    const { url } = await start();
    const withOrigin = { headers: { Origin: 'https://example.com' } };
    const first = await ask(`${url}/v1/market/all`, withOrigin);
    expect([first.status, first.headers['remaining-req']]).toEqual([
      200,
      'group=origin; min=6; sec=0',
    ]);
    expect((await ask(`${url}/v1/candles/days?market=KRW-BTC`, withOrigin)).status).toBe(429);
    await clock.advance(10_000);
    expect((await ask(`${url}/v1/market/all`, withOrigin)).status).toBe(200);
  });

  it('knows no other path and no other method, and counts neither against a limit', async () => {
    const { url } = await start();
    const nowhere = await ask(`${url}/v1/nope`);
    expect([nowhere.status, nowhere.raw.toString()]).toEqual([
      404,
      '{"error":{"name":"not_found","message":"no Route matched with those values"}}',
    ]);
    expect(nowhere.headers['remaining-req']).toBeUndefined();
    expect((await ask(`${url}/v1/market/all`, { method: 'POST' })).status).toBe(404);
    expect((await ask(`${url}/calls`)).status).toBe(404);
  });

  it('shows what it has seen at its control port only, until it is told to forget', async () => {
    const { url, controlUrl } = await start();
    await ask(`${url}/v1/candles/days?market=KRW-BTC&count=2`);
    await ask(`${url}/v1/nope`);
    const calls = `${controlUrl!}/calls`;
    expect(JSON.parse((await ask(calls)).raw.toString())).toEqual({
      total: 2,
      byGroup: { candles: 1, none: 1 },
      byUrl: { '/v1/candles/days?market=KRW-BTC&count=2': 1, '/v1/nope': 1 },
      maxPerSecond: 1,
      maxPerSecondByGroup: { candles: 1, none: 1 },
      rejected: 0,
      violations: [],
      violationCount: 0,
    });
    expect((await ask(calls, { method: 'DELETE' })).status).toBe(204);
    expect(JSON.parse((await ask(calls)).raw.toString())).toMatchObject({ total: 0 });
    expect((await ask(`${controlUrl!}/v1/market/all`)).status).toBe(404);
  });

  it('gives the same bytes as any other simulator at the same moment', async () => {
    const [one, other] = [
      await start(),
      await start({
        clock: new ManualClock(NOW_MS - 5_000),
        timeOffsetMs: clock.nowMs() - NOW_MS + 5_000,
      }),
    ];
    for (const path of ['seconds', 'minutes/1', 'minutes/15', 'days', 'weeks']) {
      const query = `/v1/candles/${path}?market=KRW-SOL&count=200`;
      expect((await ask(one.url + query)).raw).toEqual((await ask(other.url + query)).raw);
    }
  });

  it('answers late when it is told to, with Date and data of one moment halfway', async () => {
    const late = await start({ clock: new LeapingClock(NOW_MS), latencyMs: 4_000 });
    const prompt = await start({ clock: new ManualClock(NOW_MS + 2_000) });
    const query = '/v1/candles/minutes/1?market=KRW-BTC&count=3';
    const { headers, raw } = await ask(late.url + query);
    expect(headers.date).toBe('Sun, 22 Nov 2026 13:50:04 GMT');
    expect(raw).toEqual((await ask(prompt.url + query)).raw);
  });

  it('says which port it cannot have and what to do', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(startSimulator({ controlPort: port })).rejects.toThrow(CannotListen);
    await expect(startSimulator({ port })).rejects.toThrow(/set PORT to another port/);
    other.close();
  });
});
