import { SystemClock } from '@candlekeep/clock';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('Redis keys that vanish', () => {
  let house: House;
  const hourAgoMs = new SystemClock().nowMs() - HOUR;
  const startOf = (unitMs: number): string =>
    new Date(Math.floor(hourAgoMs / unitMs) * unitMs).toISOString();
  const closed = [
    `/v1/candles/minutes/1?market=KRW-BTC&count=200&to=${startOf(HOUR)}`,
    `/v1/candles/minutes/1?market=KRW-KNC&count=200&to=${startOf(HOUR)}`,
    `/v1/candles/days?market=KRW-BTC&count=30&to=${startOf(DAY)}`,
  ];

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.lostKeys });
  });
  afterAll(async () => {
    await house.close();
  });

  const answers = async (): Promise<string[]> =>
    await Promise.all(closed.map(async (path) => (await house.ask(path)).body));

  it('never change an answer, whichever goes first', async () => {
    const expected = await Promise.all(
      closed.map(async (path) => (await house.askExchange(path)).body),
    );
    expect(await answers()).toEqual(expected);
    for (const server of [house.redis.cache, house.redis.queue]) {
      const names = await server.keys('*');
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        await server.del(name);
        expect({ removed: name, answers: await answers() }).toEqual({
          removed: name,
          answers: expected,
        });
      }
    }
  });

  it('never turn the newest rows into anything but what the exchange shows', async () => {
    const latest = '/v1/candles/minutes/1?market=KRW-BTC&count=50';
    await house.ask(latest);
    for (const name of await house.redis.cache.keys('*')) {
      await house.redis.cache.del(name);
      const ours = await house.ask(latest);
      const theirs = await house.askExchange(latest);
      expect(settled(ours.body)).toEqual(settled(theirs.body).slice(-settled(ours.body).length));
      expect(settled(ours.body).length).toBeGreaterThanOrEqual(46);
    }
  });
});

/** Rows that cannot differ between two calls a moment apart, oldest first: without the newest three opens. */
function settled(body: string): unknown[] {
  const rows: unknown = JSON.parse(body);
  return Array.isArray(rows) ? rows.slice(3).reverse() : [];
}
