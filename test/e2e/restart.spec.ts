import { SystemClock } from '@candlekeep/clock';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const HOUR = 3_600_000;

describe('a restart of everything', () => {
  let house: House;
  const to = new Date(Math.floor(new SystemClock().nowMs() / HOUR) * HOUR - HOUR).toISOString();
  const closed = `/v1/candles/minutes/1?market=KRW-BTC&count=150&to=${to}`;

  beforeAll(async () => {
    house = await House.start({ redisDatabase: redisDatabases.restart });
  });
  afterAll(async () => {
    await house.close();
  });

  it('stops in order, with exit code 0 for every process', async () => {
    await house.ask(closed);
    expect(await house.shut()).toEqual([0, 0]);
    await house.open();
  });

  it('serves closed candles from L1 without a call of the exchange', async () => {
    const before = await house.ask(closed);
    await house.shut();
    await house.open();
    const calls = await house.callsDuring(async () => {
      const after = await house.ask(closed);
      expect(after.body).toBe(before.body);
      expect(after.headers['cache-status']).toBe('candlekeep; hit; detail=l1');
    });
    expect(calls).toBe(0);
  });

  it('serves them from L2 when the cache server has forgotten all, and then from L1 again', async () => {
    const before = await house.ask(closed);
    await house.shut();
    await house.redis.cache.flushdb();
    await house.open();
    const calls = await house.callsDuring(async () => {
      for (const tier of [/l2$/, /l[012]$/]) {
        const after = await house.ask(closed);
        expect(after.body).toBe(before.body);
        expect(after.headers['cache-status']).toMatch(tier);
      }
    });
    expect(calls).toBe(0);
  });

  it('goes on when the queue server has forgotten all', async () => {
    await house.redis.queue.flushdb();
    const answer = await house.ask('/v1/candles/minutes/5?market=KRW-ETH&count=20');
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toHaveLength(20);
  });
});
