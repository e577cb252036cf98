import { SystemClock } from '@candlekeep/clock';
import { keys } from '@candlekeep/redis';
import { waitFor } from '../support/app-process';
import { House } from '../support/house';
import { redisDatabases } from '../support/redis-databases';

const HOUR = 3_600_000;
const GARBAGE = 'from another program';
const SERIES = 'KRW-BTC:1m';

describe('values in Redis that are none of ours', () => {
  let house: House;
  const to = new Date(Math.floor(new SystemClock().nowMs() / HOUR) * HOUR - HOUR).toISOString();
  const closed = `/v1/candles/minutes/1?market=KRW-BTC&count=100&to=${to}`;
  const markets = '/v1/market/all';

  beforeAll(async () => {
    house = await House.start({
      redisDatabase: redisDatabases.poison,
      environment: { L0_MAX_BYTES: '0' },
    });
  });
  afterAll(async () => {
    await house.close();
  });

  const told = (): string => [...house.gateways, ...house.workers].map(({ log }) => log).join('');
  const linesOf = (key: string): number =>
    told()
      .split('\n')
      .filter((line) => line.includes(key)).length;
  const ask = async (path: string): Promise<string> => {
    const { status, body } = await house.ask(path);
    expect({ status, body: status === 200 ? '' : body }).toEqual({ status: 200, body: '' });
    return body;
  };
  const fresh = async (market: string): Promise<void> => {
    await ask(`/v1/candles/minutes/1?market=${market}&count=5`);
  };

  it.each<[string, string, (key: string) => Promise<unknown>]>([
    ['a row', keys.seriesRows(SERIES), poisonRow],
    ['all rows', keys.seriesRows(SERIES), overwriteCache],
    ['metadata', keys.seriesMeta(SERIES), overwriteCache],
    [
      'coverage',
      keys.seriesMeta(SERIES),
      (key) => house.redis.cache.hset(key, 'coverage', GARBAGE),
    ],
    ['a head', keys.seriesMeta(SERIES), poisonHead],
  ])(
    'as %s of a window are taken away, and the answer is the exchange’s',
    async (_what, key, poison) => {
      const expected = await ask(closed);
      const before = linesOf(key);
      await poison(key);
      expect(await ask(closed)).toBe(expected);
      expect(linesOf(key)).toBe(before + 1);
      expect(await ask(closed)).toBe(expected);
      expect(linesOf(key)).toBe(before + 1);
    },
  );

  it.each<[string, (key: string) => Promise<unknown>]>([
    ['of another type', (key) => house.redis.cache.hset(key, 'a', 'b')],
    ['that is no JSON', (key) => house.redis.cache.set(key, GARBAGE)],
    ['of another shape', (key) => house.redis.cache.set(key, '{"status":"200"}')],
  ])('as a text %s are taken away, and the exchange is asked', async (_what, poison) => {
    const expected = await ask(markets);
    const key = keys.textAnswer('markets:plain');
    await house.redis.cache.del(key);
    const before = linesOf(key);
    await poison(key);
    expect(await ask(markets)).toBe(expected);
    expect(linesOf(key)).toBeGreaterThan(before);
  });

  it('as a ledger of the windows are taken away with it', async () => {
    await house.redis.cache.set(keys.windowsUsed, GARBAGE);
    await fresh('KRW-ETH');
    await waitFor(() => {
      expect(linesOf(keys.windowsUsed)).toBe(1);
    });
  });

  it('as state of the limiter cost a wait, and no answer', async () => {
    const [key = ''] = await house.redis.queue.keys('{ck:limit:*}:candles:state');
    await house.redis.queue.set(key, GARBAGE);
    await fresh('KRW-KNC');
    expect(linesOf(key)).toBeGreaterThan(0);
  });

  it('as a record of who wants a fetch are taken away', async () => {
    const key = keys.fetchWant('KRW-SOL:1m:head');
    await house.redis.queue.set(key, GARBAGE);
    await fresh('KRW-SOL');
    expect(linesOf(key)).toBeGreaterThan(0);
  });

  it('as the name of a job are taken away, and there is one', async () => {
    const key = `${keys.queuePrefix}:candles:de:KRW-DOGE:1m:head`;
    await house.redis.queue.hset(key, 'a', 'b');
    await fresh('KRW-DOGE');
    expect(linesOf(key)).toBe(1);
  });

  it('as jobs are dropped, and workers go on', async () => {
    const { queue } = house.redis;
    const job = `${keys.queuePrefix}:candles:1`;
    await queue.hset(job, { name: 'head', data: '{"kind":"none"}', opts: '{}', timestamp: '1' });
    await queue.lpush(`${keys.queuePrefix}:candles:wait`, '1');
    await queue.zadd(`${keys.queuePrefix}:candles:marker`, 0, '0');
    await waitFor(() => {
      expect(linesOf(job)).toBeGreaterThan(0);
    });
    await fresh('KRW-KNC');
  });

  it('are counted', async () => {
    expect(await ask('/metrics')).toMatch(/^candlekeep_poisoned_values_total [1-9]/m);
  });

  it('stop no process', async () => {
    expect(await house.shut()).toEqual([0, 0]);
  });

  async function poisonRow(key: string): Promise<unknown> {
    const { cache } = house.redis;
    const openMs = Date.parse(to) - 10 * 60_000;
    await cache.zremrangebyscore(key, openMs, openMs);
    return await cache.zadd(key, openMs, GARBAGE);
  }

  async function overwriteCache(key: string): Promise<unknown> {
    return await house.redis.cache.set(key, GARBAGE);
  }

  async function poisonHead(key: string): Promise<unknown> {
    return await house.redis.cache.hset(key, { headFrom: GARBAGE, headSeenAt: '1', headRows: '' });
  }
});
