import { type CandleWindow, RedisCandleWindow } from '@candlekeep/candle-cache';
import { ManualClock, SystemClock } from '@candlekeep/clock';
import { type Series, seriesName, Timeframe } from '@candlekeep/market';
import { keys, type RedisConnection } from '@candlekeep/redis';
import fc from 'fast-check';
import { page, saved, sightOf } from '../support/candle-window-subject';
import { MovableRedisTime } from '../support/movable-redis-time';
import { openOwnCacheRedis } from '../support/own-cache-redis';
import { freshMarket } from '../support/redis';
import {
  failingConnection,
  HoldingConnection,
  ledgerOf,
  measuredWindows,
} from '../support/window-ledger';
import { redisDatabases } from '../support/redis-databases';

const DATABASE = redisDatabases.windowRaces;

/** Commands of a write: the window's script, the ledger's; then, for what is too much, DEL and the ledger's again. */
const TELLING = 2;
const TELLING_WHAT_IS_GONE = 4;

describe('the ledger of candle windows, when its news are late', () => {
  const clock = new SystemClock();
  let redis: RedisConnection;
  let time: MovableRedisTime;
  let window: RedisCandleWindow;
  let nowMs = 1_756_684_800_000;

  beforeAll(async () => {
    redis = await openOwnCacheRedis(DATABASE);
    time = new MovableRedisTime(redis, 'time');
    window = new RedisCandleWindow(time.connection, clock);
  });
  beforeEach(async () => {
    await redis.flushdb();
    await pass(1);
    await window.list();
    // The audit of a new ledger is over when the test begins.
    await window.close();
  });
  afterAll(async () => {
    await window.close();
    redis.disconnect();
  });

  const pass = async (ms: number) => {
    nowMs += ms;
    await time.moveTo(nowMs);
  };
  const fresh = (): Series => ({ market: freshMarket(), timeframe: Timeframe.parse('1m') });
  const expectTruth = async () => {
    const { windows, total } = await ledgerOf(redis);
    expect(windows).toEqual(await measuredWindows(redis));
    expect(total).toBe([...windows.values()].reduce((sum, bytes) => sum + bytes, 0));
  };

  it('believes the newest state of a window, though an older one is told last', async () => {
    const series = fresh();
    await window.put(page(series, 0, 5), saved());
    const late = new HoldingConnection(time.connection, TELLING);
    const slow = new RedisCandleWindow(late.connection, clock);
    const writing = slow.put(page(series, 5, 10), saved());
    await late.reached;
    await window.put(page(series, 10, 90), saved());
    late.release();
    await writing;
    await expectTruth();
  });

  it('keeps a window that was written anew while its dropping was told', async () => {
    const [victim, other] = [fresh(), fresh()];
    await window.put(page(victim, 0, 100), saved());
    const bytes = [...(await measuredWindows(redis)).values()][0] ?? 0;
    await pass(1);
    const late = new HoldingConnection(time.connection, TELLING_WHAT_IS_GONE);
    const slow = new RedisCandleWindow(late.connection, clock, { maxBytes: bytes * 1.5 });
    const writing = slow.put(page(other, 0, 100), saved());
    await late.reached;
    expect((await measuredWindows(redis)).has(seriesName(victim))).toBe(false);
    await pass(1);
    await window.put(page(victim, 0, 5), saved());
    late.release();
    await writing;
    expect((await measuredWindows(redis)).has(seriesName(victim))).toBe(true);
    await expectTruth();
  });

  it('does not turn the last use back for the word of an earlier one', async () => {
    const [read, unread] = [fresh(), fresh()];
    const clocks = [new ManualClock(), new ManualClock()] as const;
    const [early, late] = clocks.map((own) => new RedisCandleWindow(time.connection, own));
    for (const series of [read, unread]) await window.put(page(series, 0, 5), saved());
    await pass(1);
    await sightOf(early!, { series: read });
    await pass(1);
    await sightOf(late!, { series: read });
    await clocks[1].advance(1_000);
    await late!.close();
    await clocks[0].advance(1_000);
    await early!.close();
    const [first, second] = await window.list();
    expect([first?.series, second?.series]).toEqual([unread, read]);
    expect(second).toMatchObject({ hits: 2, usedAtMs: nowMs });
  });

  describe('and the wishes for them', () => {
    const HOUR_MS = 3_600_000;
    const wish = (series: Series, rows = 500) => ({ series, rows, untilMs: nowMs + HOUR_MS });
    const keepOf = async (series: Series) =>
      (await redis.hget(keys.seriesMeta(seriesName(series)), 'keep'))?.split(' ')[0];

    it('tell only those windows that are to keep other rows than before', async () => {
      const all = Array.from({ length: 600 }, fresh);
      let commands = 0;
      const counting = failingConnection(time.connection, (number) => (commands = number) < 0);
      const own = new RedisCandleWindow(counting, clock);
      const toldBy = async (wishes: Parameters<CandleWindow['prefer']>[0]) => {
        const before = commands;
        await own.prefer(wishes);
        return commands - before - 1;
      };
      await window.prefer([wish(fresh())]);
      await window.prefer([]);
      expect(await toldBy(all.map((series) => wish(series)))).toBe(600);
      await pass(HOUR_MS / 2);
      expect(await toldBy(all.map((series) => wish(series)))).toBe(0);
      expect(await toldBy(all.map((series, index) => wish(series, index < 7 ? 600 : 500)))).toBe(7);
      expect(await toldBy(all.slice(3).map((series) => wish(series)))).toBe(7);
      expect(await redis.hlen(keys.windowsWanted)).toBe(597);
    });

    it('are all told after the next ones, wherever those who said them before have died', async () => {
      const wishes = fc.array(
        fc.record({ index: fc.nat(5), rows: fc.constantFrom(200, 300, 400) }),
        { maxLength: 6 },
      );
      const steps = fc.array(fc.tuple(wishes, fc.nat(8)), { maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(steps, wishes, async (deaths, last) => {
          const all = Array.from({ length: 6 }, fresh);
          const of = (wished: typeof last) =>
            [...new Map(wished.map(({ index, rows }) => [index, rows]))].map(([index, rows]) =>
              wish(all[index] ?? fresh(), rows),
            );
          for (const [wished, commands] of deaths) {
            const dying = failingConnection(time.connection, (number) => number > commands);
            await new RedisCandleWindow(dying, clock).prefer(of(wished)).catch(() => undefined);
          }
          await window.prefer(of(last));
          for (const series of all) {
            const wished = of(last).find((one) => one.series === series);
            expect(await keepOf(series)).toBe(wished?.rows.toString());
          }
        }),
        { numRuns: 60 },
      );
    });

    it('are told again to a window that was lost, a few hours later', async () => {
      const series = fresh();
      await window.prefer([wish(series)]);
      await redis.del(keys.seriesMeta(seriesName(series)));
      await window.prefer([wish(series)]);
      expect(await keepOf(series)).toBeUndefined();
      await pass(6 * HOUR_MS);
      await window.prefer([wish(series)]);
      expect(await keepOf(series)).toBe('500');
    });

    it('are forgotten with their key, and all windows are dropped by their last use then', async () => {
      const [a, b, c] = [fresh(), fresh(), fresh()];
      const small = await windowFor(2);
      for (const series of [a, b]) await write(small, series);
      await small.prefer([wish(a)]);
      await redis.del(keys.windowsWanted);
      await write(small, c);
      expect((await small.list()).map(({ series }) => series)).toEqual([b, c]);
    });

    it('spare none that a clock which was set back has put among the wanted ones', async () => {
      const small = await windowFor(4);
      const wanted = [fresh(), fresh(), fresh()];
      for (const series of wanted) await write(small, series, 10);
      await small.prefer(wanted.map((series) => wish(series)));
      for (const series of [fresh(), fresh()]) await write(small, series, 10);
      await pass(-35);
      for (const series of [fresh(), fresh()]) await write(small, series, 1);
      const left = (await small.list()).map(({ series }) => series);
      expect(left).toEqual(expect.arrayContaining(wanted));
    });

    it('hide nothing of what a process that died was to drop', async () => {
      const [first, wanted, second, last] = [fresh(), fresh(), fresh(), fresh()];
      const small = await windowFor(3);
      for (const series of [first, wanted, second]) await write(small, series);
      await small.prefer([wish(wanted)]);
      const dying = failingConnection(time.connection, (number) => number > 2);
      await write(new RedisCandleWindow(dying, clock, { maxBytes: 1 }), last);
      await write(small, last);
      expect((await small.list()).map(({ series }) => series)).toEqual([wanted, second, last]);
    });

    const write = async (to: CandleWindow, series: Series, afterMs = 1) => {
      await pass(afterMs);
      await to.put(page(series, 0, 60), saved());
    };
    const windowFor = async (count: number) => {
      await write(window, fresh());
      const bytes = [...(await measuredWindows(redis)).values()][0] ?? 0;
      await redis.flushdb();
      await pass(1);
      await window.list();
      await window.close();
      return new RedisCandleWindow(time.connection, clock, { maxBytes: bytes * (count + 0.5) });
    };
  });
});
