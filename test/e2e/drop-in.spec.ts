import { SystemClock } from '@candlekeep/clock';
import { waitFor } from '../support/app-process';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const CANDLES = '/v1/candles/minutes/1?market=KRW-BTC&count=3';
const CHARTS = 'https://charts.example';
const LONG = { 'cache-control': 'max-age=60' };

describe('a client that only changes its base URL', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.start({
      ...{ redisDatabase: redisDatabases.dropIn, gateways: 2 },
      environment: { CORS_ORIGINS: `https://other.example,${CHARTS}` },
    });
    await house.ask(CANDLES);
  });
  afterAll(async () => {
    await house.close();
  });

  it('finds the headers of the exchange', async () => {
    const [ours, theirs] = [await house.ask(CANDLES, LONG), await house.askExchange(CANDLES)];
    for (const name of [
      'content-type',
      'cache-control',
      'pragma',
      'expires',
      'limit-by-ip',
    ] as const) {
      expect([name, ours.headers[name]]).toEqual([name, theirs.headers[name]]);
    }
    expect(ours.headers['remaining-req']).toBe('group=candles; min=600; sec=9');
  });

  it('finds Remaining-Req on refusals, and none where there is no route', async () => {
    const refused = await house.ask('/v1/candles/days?market=KRW-NOPE');
    expect([refused.status, refused.headers['remaining-req']]).toEqual([
      404,
      'group=candles; min=600; sec=9',
    ]);
    expect((await house.ask('/v1/nope')).headers['remaining-req']).toBeUndefined();
  });

  it('is spared the body that it has', async () => {
    const first = await house.ask(CANDLES, LONG);
    const tag = first.headers.etag ?? '';
    for (const known of [tag, `"other", ${tag.slice(2)}`, '*']) {
      const again = await house.ask(CANDLES, { ...LONG, 'if-none-match': known });
      expect([again.status, again.body, again.headers.etag]).toEqual([304, '', tag]);
    }
    const other = await house.ask(CANDLES, { ...LONG, 'if-none-match': 'W/"0"' });
    expect([other.status, other.body]).toEqual([200, first.body]);
  });

  it('may ask for the head alone', async () => {
    const response = await fetch(`${house.gateways[0]!.url()}${CANDLES}`, {
      method: 'HEAD',
      headers: LONG,
    });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(900);
    expect(await response.text()).toBe('');
  });

  it('may be a web page of an origin that was named, which reads the headers as well', async () => {
    for (const path of [CANDLES, '/v1/candles/days?market=KRW-NOPE']) {
      const { headers } = await house.ask(path, { ...LONG, origin: CHARTS });
      expect(headers['access-control-allow-origin']).toBe(CHARTS);
      const readable = headers['access-control-expose-headers']?.split(', ');
      expect(readable).toEqual(
        expect.arrayContaining([
          'Cache-Status',
          'Age',
          'X-Candlekeep-As-Of',
          'Retry-After',
          'ETag',
        ]),
      );
      expect(readable).toContain('Remaining-Req');
    }
    const { headers } = await house.ask(CANDLES, { ...LONG, origin: 'https://elsewhere.example' });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('shares one call with everyone who asks the same of any gateway', async () => {
    const calls = await house.callsDuring(async () => {
      const asked = Array.from({ length: 40 }, (_, i) =>
        house.ask('/v1/ticker?markets=KRW-BTC,KRW-ETH', LONG, i % 2),
      );
      const answers = await Promise.all(asked);
      expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
      expect(answers[0]!.status).toBe(200);
    });
    expect(calls).toBe(1);
  });

  it('costs the exchange nothing when it keeps asking for a market that is not listed', async () => {
    const path = '/v1/candles/minutes/1?market=KRW-GONE';
    await waitFor(async () => {
      expect(await house.callsDuring(() => house.ask(path))).toBe(0);
    });
    const calls = await house.callsDuring(async () => {
      for (let i = 0; i < 10; i += 1) expect((await house.ask(path)).status).toBe(404);
    });
    expect(calls).toBe(0);
  });

  it('sees a market from its listing on, with the candles that it has', async () => {
    const control = house.simulator.url(1);
    const body = JSON.stringify({ market: 'KRW-NEW', like: 'KRW-BTC' });
    expect((await fetch(`${control}/markets`, { method: 'POST', body })).status).toBe(200);
    const path = '/v1/candles/minutes/1?market=KRW-NEW&count=5';
    await waitFor(async () => {
      const [ours, theirs] = [await house.ask(path), await house.askExchange(path)];
      expect(theirs.body).not.toBe('[]');
      expect([ours.status, ours.body.slice(0, 200)]).toEqual([200, theirs.body.slice(0, 200)]);
    }, 90_000);
  }, 120_000);

  it('reads the time of the answer in ms', async () => {
    const { headers } = await house.ask(CANDLES, LONG);
    expect(new SystemClock().nowMs() - Number(headers['x-candlekeep-as-of'])).toBeLessThan(61_000);
  });
});
