import { RedisCandleWindow } from '@candlekeep/candle-cache';
import { ManualClock, SystemClock } from '@candlekeep/clock';
import { type Series, seriesName, Timeframe } from '@candlekeep/market';
import type { RedisConnection } from '@candlekeep/redis';
import { page, saved, sightOf } from '../support/candle-window-subject';
import { MovableRedisTime } from '../support/movable-redis-time';
import { openOwnCacheRedis } from '../support/own-cache-redis';
import { freshMarket } from '../support/redis';
import { HoldingConnection, ledgerOf, measuredWindows } from '../support/window-ledger';
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
});
