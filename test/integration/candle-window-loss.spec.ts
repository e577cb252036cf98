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
  const clock = new SystemClock();
  let redis: RedisConnection;
  let window: RedisCandleWindow;
  let series: Series;

  beforeAll(async () => {
    redis = await openOwnCacheRedis(DATABASE);
    window = new RedisCandleWindow(redis, clock);
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

  it('still knows how many rows to keep when only its rows were lost, and not without its meta', async () => {
    const rowsAfter = async (lost: 'seriesRows' | 'seriesMeta') => {
      await window.prefer([{ series, rows: 200, untilMs: clock.nowMs() + 60_000 }]);
      await loseKey(lost);
      await window.put(page(series, 0, 1_500), saved(7));
      return (await sightOf(window, { series, limit: 2_000 })).rows.length;
    };
    expect(await rowsAfter('seriesRows')).toBe(200);
    expect(await rowsAfter('seriesMeta')).toBe(1_000);
  });

  it('bounds every key by a time to live', async () => {
    const name = seriesName(series);
    const own = [keys.seriesRows(name), keys.seriesMeta(name)];
    const other = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
    await window.prefer([{ series: other, rows: 200, untilMs: clock.nowMs() + 60_000 }]);
    const wished = [keys.seriesMeta(seriesName(other)), keys.windowsWanted];
    for (const key of [...own, ...wished, keys.windowsUsed, keys.windowSizes]) {
      expect(await redis.pttl(key)).toBeGreaterThan(0);
    }
  });
});
