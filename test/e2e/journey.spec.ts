import { SystemClock } from '@candlekeep/clock';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const MINUTE = 60_000;
const clock = new SystemClock();
/** An instant whose candles below are beyond change, in the exchange's spelling. */
const past = (minutesAgo: number): string =>
  new Date(Math.floor(clock.nowMs() / MINUTE) * MINUTE - minutesAgo * MINUTE)
    .toISOString()
    .slice(0, 19);

describe('a calculator asks for candles', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.journey, gateways: 2, workers: 2 });
  });
  afterAll(async () => {
    await house.close();
  });

  /** The same question to both, until no second has passed between two equal answers of the exchange. */
  const expectSameAsExchange = async (path: string): Promise<void> => {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const before = await house.askExchange(path);
      const ours = await house.ask(path, { 'cache-control': 'no-cache' });
      const after = await house.askExchange(path);
      expect(ours.status).toBe(200);
      if (before.body !== after.body) continue;
      expect(ours.body).toBe(after.body);
      return;
    }
    throw new Error(`the exchange's answer to ${path} changed between any two calls`);
  };

  it("gets the exchange's own 200 rows, first from the exchange and then from memory", async () => {
    const path = '/v1/candles/minutes/1?market=KRW-BTC&count=200';
    const first = await house.ask(path);
    const second = await house.ask(path, { 'cache-control': 'max-age=60' });
    expect(first.status).toBe(200);
    expect(first.headers['cache-status']).toBe('candlekeep; fwd=miss; detail=exchange');
    expect(second.headers['cache-status']).toMatch(/^candlekeep; hit; detail=l[01]$/);
    expect(second.body).toBe(first.body);
    expect(JSON.parse(first.body)).toHaveLength(200);
    await expectSameAsExchange(path);
  });

  it('says how old the newest row is and when it was seen', async () => {
    const { headers } = await house.ask('/v1/candles/minutes/1?market=KRW-BTC', {
      'cache-control': 'max-age=30',
    });
    const asOfMs = Number(headers['x-candlekeep-as-of']);
    expect(clock.nowMs() - asOfMs).toBeLessThan(30_000);
    expect(Number(headers.age)).toBe(Math.floor(Number(headers.age)));
    expect(headers['content-type']).toBe('application/json;charset=UTF-8');
  });

  it.each([
    'seconds',
    'minutes/1',
    'minutes/3',
    'minutes/5',
    'minutes/10',
    'minutes/15',
    'minutes/30',
    'minutes/60',
    'minutes/240',
    'days',
    'weeks',
    'months',
    'years',
  ])("gets the exchange's bytes of closed and forming %s", async (kind) => {
    await expectSameAsExchange(`/v1/candles/${kind}?market=KRW-ETH&count=37`);
    await expectSameAsExchange(`/v1/candles/${kind}?market=KRW-ETH&count=200&to=${past(3_000)}`);
  });

  it("gets the exchange's bytes of a thin market", async () => {
    await expectSameAsExchange(`/v1/candles/minutes/1?market=KRW-KNC&count=200&to=${past(5_000)}`);
    await expectSameAsExchange('/v1/candles/minutes/1?market=KRW-KNC&count=200');
  });

  it.each(['/v1/market/all', '/v1/market/all?is_details=true'])(
    "gets the exchange's bytes of %s",
    async (path) => {
      await expectSameAsExchange(path);
    },
  );

  it.each([
    '/v1/candles/minutes/1',
    '/v1/candles/minutes/1?market=KRW-NOPE',
    '/v1/candles/minutes/1?market=KRW-BTC,KRW-ETH',
    '/v1/candles/days?market=USDT-NOPE&converting_price_unit=KRW',
    '/v1/candles/minutes/1?market=KRW-BTC&count=abc',
    '/v1/candles/minutes/1?market=KRW-BTC&count=-1',
    '/v1/candles/minutes/1?market=KRW-BTC&to=yesterday',
    '/v1/candles/minutes/2?market=KRW-BTC',
    '/v1/nope',
  ])("is refused in the exchange's words: %s", async (path) => {
    const [ours, theirs] = [await house.ask(path), await house.askExchange(path)];
    expect({ status: ours.status, body: ours.body }).toEqual({
      status: theirs.status,
      body: theirs.body,
    });
  });

  it('costs the exchange one call when 50 ask the same of two cold gateways', async () => {
    let answers: { status: number; body: string }[] = [];
    // Where the last of them is read a second after the first, it may not have an answer as old as that, unless it says so.
    const patient = { 'cache-control': 'max-age=60' };
    const urls = await house.urlsDuring(async () => {
      const asking = Array.from({ length: 50 }, (_, i) =>
        house.ask('/v1/candles/minutes/15?market=KRW-DOGE&count=200', patient, i % 2),
      );
      answers = await Promise.all(asking);
    });
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(JSON.parse(answers[0]!.body)).toHaveLength(200);
    expect(urls.filter((url) => url.includes('KRW-DOGE'))).toHaveLength(1);
  });

  it('answers only from the cache when told so', async () => {
    const calls = await house.callsDuring(async () => {
      const cold = await house.ask('/v1/candles/weeks?market=KRW-SOL&count=3', {
        'cache-control': 'only-if-cached',
      });
      expect(cold.status).toBe(504);
    });
    expect(calls).toBe(0);
  });

  it('never made the exchange refuse a call', async () => {
    const { rejected, maxPerSecond } = await house.witness();
    expect(rejected).toBe(0);
    expect(maxPerSecond).toBeLessThanOrEqual(10);
  });

  it('is told by the health endpoints that the gateway lives and is ready', async () => {
    expect((await house.ask('/health/live')).status).toBe(200);
    const ready = await house.ask('/health/ready');
    expect(JSON.parse(ready.body)).toMatchObject({ status: 'ok' });
  });
});
