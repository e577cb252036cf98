import { type CandleWindow, RedisCandleWindow } from '@candlekeep/candle-cache';
import { type Clock, ManualClock, SystemClock } from '@candlekeep/clock';
import { type Series, seriesName, Timeframe } from '@candlekeep/market';
import { keys, type RedisConnection } from '@candlekeep/redis';
import fc from 'fast-check';
import { headAt, minute, page, saved, sightOf } from '../support/candle-window-subject';
import { MovableRedisTime } from '../support/movable-redis-time';
import { openOwnCacheRedis } from '../support/own-cache-redis';
import { freshMarket } from '../support/redis';
import { failingConnection, ledgerOf, measuredWindows } from '../support/window-ledger';
import { redisDatabases } from '../support/redis-databases';

const DATABASE = redisDatabases.windowLedger;
const HOUR_MS = 3_600_000;

describe('the ledger of all candle windows', () => {
  let redis: RedisConnection;
  let time: MovableRedisTime;
  let opened: RedisCandleWindow[] = [];
  let nowMs = minute(0);

  beforeAll(async () => {
    redis = await openOwnCacheRedis(DATABASE);
    time = new MovableRedisTime(redis, 'time');
  });
  beforeEach(async () => {
    await clear();
  });
  afterAll(async () => {
    await clear();
    redis.disconnect();
  });

  const clear = async () => {
    await closeAll();
    await redis.flushdb();
    await pass(1);
    // A new ledger asks for an audit: it is over when the test begins.
    await open().list();
    await closeAll();
  };
  const closeAll = async () => {
    await Promise.all(opened.map((window) => window.close()));
    opened = [];
  };
  const pass = async (ms: number) => {
    nowMs += ms;
    await time.moveTo(nowMs);
  };
  const open = (maxBytes = 100_000_000, clock: Clock = new SystemClock()) =>
    track(new RedisCandleWindow(time.connection, clock, { maxBytes }));
  const openFailing = (isLost: (number: number) => boolean, maxBytes = 100_000_000) => {
    const connection = failingConnection(time.connection, isLost);
    return track(new RedisCandleWindow(connection, new SystemClock(), { maxBytes }));
  };
  const openDying = (commands: number, maxBytes?: number) =>
    openFailing((number) => number > commands, maxBytes);
  const track = (window: RedisCandleWindow) => {
    opened.push(window);
    return window;
  };
  const fresh = (): Series => ({ market: freshMarket(), timeframe: Timeframe.parse('1m') });
  const write = async (window: CandleWindow, series: Series, rows = 50) => {
    await pass(1);
    await window.put(page(series, 0, rows), saved());
  };
  /** Lets an audit run: it is due six hours after the last one, and an audit that died is taken over after a minute. */
  const audit = async (window: RedisCandleWindow) => {
    await pass(7 * HOUR_MS);
    await window.list();
    await window.close();
  };
  const sizeOfOne = async () => {
    await write(open(), fresh());
    const bytes = sum(await measuredWindows(redis));
    await clear();
    return bytes;
  };
  const expectTruth = async () => {
    const { windows, total } = await ledgerOf(redis);
    expect(windows).toEqual(await measuredWindows(redis));
    expect(total).toBe(sum(windows));
  };

  it('keeps the measured memory of many windows within the budget after every write', async () => {
    const maxBytes = (await sizeOfOne()) * 5;
    const window = open(maxBytes);
    const all = Array.from({ length: 12 }, fresh);
    for (let turn = 0; turn < 40; turn += 1) {
      await write(window, all[(turn * 7) % all.length] ?? fresh(), 20 + turn);
      expect(sum(await measuredWindows(redis))).toBeLessThanOrEqual(maxBytes);
      await expectTruth();
    }
    expect(await window.list()).not.toHaveLength(0);
  });

  it('is right when two processes write at once, and within the budget', async () => {
    const maxBytes = (await sizeOfOne()) * 5;
    const [left, right] = [open(maxBytes), open(maxBytes)];
    const all = Array.from({ length: 8 }, fresh);
    for (let round = 0; round < 10; round += 1) {
      const writes = all.flatMap((series, index) => [
        left.put(page(series, 0, 10 + index), saved()),
        right.put(page(series, 5, 60 - round), saved()),
      ]);
      await Promise.all(writes);
      expect(sum(await measuredWindows(redis))).toBeLessThanOrEqual(maxBytes);
    }
    await audit(left);
    await expectTruth();
  });

  it.each([[['windowsUsed']], [['windowSizes']], [['windowsUsed', 'windowSizes']]] as const)(
    'finds all windows again after the loss of %j',
    async (lost) => {
      const window = open();
      const all = Array.from({ length: 250 }, fresh);
      await Promise.all(all.map((series) => window.put(page(series, 0, 2), saved())));
      await window.close();
      await redis.del(...lost.map((key) => keys[key]));
      await write(window, fresh());
      await window.close();
      expect((await ledgerOf(redis)).windows.size).toBe(251);
      await expectTruth();
    },
  );

  it('learns of a window whose writer died before it was written down: when it is read', async () => {
    const [series, other] = [fresh(), fresh()];
    const window = open();
    await write(window, other);
    await write(openDying(1), series);
    expect(await window.list()).toHaveLength(1);
    await sightOf(window, { series });
    expect(await window.list()).toMatchObject([{ series: other }, { series, hits: 1 }]);
    await expectTruth();
  });

  it('learns of a window whose writer died, by and by, though nobody reads it', async () => {
    const window = open();
    await write(window, fresh());
    await write(openDying(1), fresh());
    await audit(window);
    expect((await ledgerOf(redis)).windows.size).toBe(2);
    await expectTruth();
  });

  it('drops with the next write what a process that died was to drop', async () => {
    const maxBytes = (await sizeOfOne()) * 2.5;
    const window = open(maxBytes);
    for (const series of [fresh(), fresh()]) await write(window, series);
    await write(openDying(2, maxBytes), fresh());
    expect(sum(await measuredWindows(redis))).toBeGreaterThan(maxBytes);
    await write(window, fresh());
    expect(sum(await measuredWindows(redis))).toBeLessThanOrEqual(maxBytes);
    await expectTruth();
  });

  it('is not told of a head that replaces another, and right again with the next finals', async () => {
    const series = fresh();
    let commands = 0;
    const window = openFailing((number) => (commands = number) < 0);
    const see = async (index: number) => {
      await pass(1);
      await window.put(headAt(series, index), { seenAtMs: nowMs, provenance: 'stream' });
    };
    await see(60);
    await expectTruth();
    const before = [commands, await ledgerOf(redis)];
    for (let index = 61; index < 66; index += 1) await see(index);
    expect([commands, await ledgerOf(redis)]).toEqual([Number(before[0]) + 5, before[1]]);
    await write(window, series);
    await expectTruth();
  });

  it('forgets windows that the server evicted', async () => {
    const window = open();
    const [gone, stays] = [fresh(), fresh()];
    for (const series of [gone, stays]) await write(window, series);
    const name = seriesName(gone);
    await redis.del(keys.seriesRows(name), keys.seriesMeta(name));
    expect(await window.list()).toMatchObject([{ series: stays }]);
    await audit(window);
    await expectTruth();
  });

  it('hears of reads once a second, and adds up those of many processes', async () => {
    const clocks = [new ManualClock(), new ManualClock()];
    const series = fresh();
    await write(open(), series);
    const writtenAtMs = nowMs;
    for (const clock of clocks) {
      const window = open(undefined, clock);
      for (let hit = 0; hit < 3; hit += 1) await sightOf(window, { series });
    }
    const listed = open();
    expect(await listed.list()).toMatchObject([{ hits: 0, usedAtMs: writtenAtMs }]);
    for (const clock of clocks) await clock.advance(1_000);
    await closeAll();
    expect(await open().list()).toMatchObject([{ hits: 6 }]);
  });

  it('neither fails a write that it cannot write down nor forgets the reads of before', async () => {
    const series = fresh();
    await write(open(), series);
    const window = openFailing((number) => number === 3);
    await sightOf(window, { series });
    await write(window, series);
    expect(await window.list()).toMatchObject([{ series, hits: 1 }]);
    await expectTruth();
  });

  it('is right after an audit, wherever processes died before', async () => {
    const maxBytes = (await sizeOfOne()) * 3;
    const step = fc.record({
      series: fc.nat(5),
      rows: fc.integer({ min: 1, max: 80 }),
      diesAfter: fc.option(fc.nat(7), { nil: 1_000 }),
      loses: fc.constantFrom('nothing', 'nothing', 'nothing', 'rows', 'meta', 'used', 'sizes'),
      wishes: fc.subarray([0, 1, 2, 3, 4, 5, 6]),
    });
    const lose = async (what: string, series: Series) => {
      const name = seriesName(series);
      if (what === 'rows') await redis.del(keys.seriesRows(name));
      if (what === 'meta') await redis.del(keys.seriesMeta(name));
      if (what === 'used') await redis.del(keys.windowsUsed);
      if (what === 'sizes') await redis.del(keys.windowSizes);
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        await clear();
        const all = Array.from({ length: 6 }, fresh);
        const unwritten = fresh();
        const work = steps.map(async ({ series: index, rows, diesAfter, loses, wishes }) => {
          const series = all[index] ?? fresh();
          const window = openDying(diesAfter, maxBytes);
          await window.put(page(series, 0, rows), saved()).catch(() => undefined);
          await sightOf(window, { series }).catch(() => undefined);
          const wanted = wishes.map((wish) => all[wish] ?? unwritten);
          const untilMs = nowMs + HOUR_MS;
          await window
            .prefer(wanted.map((one) => ({ series: one, rows: 200 + rows, untilMs })))
            .catch(() => undefined);
          await lose(loses, series);
        });
        await Promise.all(work);
        await closeAll();
        await audit(open(maxBytes));
        await expectTruth();
        expect(sum(await measuredWindows(redis))).toBeLessThanOrEqual(maxBytes);
      }),
      { numRuns: 60 },
    );
  });
});

function sum(bytes: ReadonlyMap<string, number>): number {
  return [...bytes.values()].reduce((total, one) => total + one, 0);
}
