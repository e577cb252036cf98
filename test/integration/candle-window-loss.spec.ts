import { RedisCandleWindow } from '@candlekeep/candle-cache';
import { SystemClock } from '@candlekeep/clock';
import { type Series, seriesName, Timeframe } from '@candlekeep/market';
import { keys, type RedisConnection } from '@candlekeep/redis';
import { headAt, page, rowsIn, saved, sightOf } from '../support/candle-window-subject';
import { openOwnCacheRedis } from '../support/own-cache-redis';
import { freshMarket } from '../support/redis';
import { redisDatabases } from '../support/redis-databases';

const DATABASE = redisDatabases.windowLoss;

describe('a candle window that lost a part of itself', () => {
  let redis: RedisConnection;
  let window: RedisCandleWindow;
  let series: Series;

  beforeAll(async () => {
    redis = await openOwnCacheRedis(DATABASE);
    window = new RedisCandleWindow(redis, new SystemClock());
  });
  beforeEach(async () => {
    series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
    await window.put({ ...page(series, 0, 50), ...headOf() }, { ...saved(7), seenAtMs: 5 });
  });
  afterAll(async () => {
    await window.close();
    redis.disconnect();
  });

  const headOf = () => {
    const { head } = headAt(series, 50);
    return head === undefined ? {} : { head };
  };
  const loseKey = async (key: 'seriesRows' | 'seriesMeta') => {
    expect(await redis.del(keys[key](seriesName(series)))).toBe(1);
  };

  it.each(['seriesRows', 'seriesMeta'] as const)('reads as absent without %s', async (key) => {
    await loseKey(key);
    const sight = await sightOf(window, { series });
    expect(sight.coverage.isEmpty).toBe(true);
    expect(sight.rows).toEqual([]);
    expect(sight.head).toBeUndefined();
  });

  it.each(['seriesRows', 'seriesMeta'] as const)('starts anew without %s', async (key) => {
    await loseKey(key);
    const { covered } = page(series, 100, 120);
    await window.put(page(series, 100, 120), saved(7));
    const sight = await sightOf(window, { series, limit: 1_000 });
    expect(sight.coverage.ranges).toEqual([covered]);
    expect([...sight.rows].reverse()).toEqual(rowsIn(covered));
    expect(sight.head).toBeUndefined();
  });

  it('still knows which revision it has seen when only its rows were lost', async () => {
    await loseKey('seriesRows');
    await window.put(page(series, 0, 50), saved(6));
    expect((await sightOf(window, { series })).coverage.isEmpty).toBe(true);
  });

  it('still knows which token it has seen when only its rows were lost, and not without its meta', async () => {
    const put = (fence: number) => window.put(page(series, 0, 50), { ...saved(7), fence });
    await put(9);
    await loseKey('seriesRows');
    await expect(put(8)).rejects.toMatchObject({ code: 'DEPOSED', seenToken: 9 });
    expect((await sightOf(window, { series })).coverage.isEmpty).toBe(true);
    await put(9);
    await loseKey('seriesRows');
    await window.put(page(series, 0, 50), saved(7));
    await expect(put(8)).rejects.toMatchObject({ code: 'DEPOSED' });
    await loseKey('seriesMeta');
    await put(8);
  });

  it('bounds every key by a time to live', async () => {
    const name = seriesName(series);
    const own = [keys.seriesRows(name), keys.seriesMeta(name)];
    for (const key of [...own, keys.windowsUsed, keys.windowSizes]) {
      expect(await redis.pttl(key)).toBeGreaterThan(0);
    }
  });
});
