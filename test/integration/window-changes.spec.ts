import { RedisCandleWindow, type WindowChange, WindowChanges } from '@candlekeep/candle-cache';
import { SystemClock } from '@candlekeep/clock';
import { type Series, seriesName, Timeframe } from '@candlekeep/market';
import { keys, openRedis, type RedisConnection } from '@candlekeep/redis';
import { waitFor } from '../support/app-process';
import { headAt, page, saved } from '../support/candle-window-subject';
import { LogRecorder } from '../support/log-recorder';
import { openOwnCacheRedis } from '../support/own-cache-redis';
import { freshMarket } from '../support/redis';
import { redisDatabases } from '../support/redis-databases';
import { redisCacheUrl } from '../support/servers';

const DATABASE = redisDatabases.windowChanges;

describe('changes of L1, as they are told', () => {
  const clock = new SystemClock();
  const log = new LogRecorder();
  let redis: RedisConnection;
  let subscriber: RedisConnection;
  let window: RedisCandleWindow;
  let changes: WindowChanges;
  let told: (WindowChange | 'lost' | 'back')[] = [];
  let series: Series;

  beforeAll(async () => {
    redis = await openOwnCacheRedis(DATABASE);
    window = new RedisCandleWindow(redis, clock);
    const url = new URL(redisCacheUrl());
    url.pathname = `/${DATABASE}`;
    subscriber = openRedis({
      ...{ url: url.href, role: 'subscriber', name: 'window-changes' },
      onError: () => undefined,
    });
    changes = new WindowChanges({ subscriber, clock, log });
    await changes.start({
      changed: (change) => told.push(change),
      lost: () => told.push('lost'),
      back: () => told.push('back'),
    });
  });
  beforeEach(() => {
    series = { market: freshMarket(), timeframe: Timeframe.parse('1m') };
    told = [];
  });
  afterAll(async () => {
    await changes.close();
    await window.close();
    subscriber.disconnect();
    redis.disconnect();
  });

  /** All that was told before has arrived when the last one has. */
  const heard = async () => {
    const last = freshMarket();
    await redis.publish(keys.windowChanges(DATABASE), `sight ${last}:1m`);
    const isLast = (one: (typeof told)[number]) => typeof one === 'object' && one.market === last;
    await waitFor(() => {
      expect(told.some(isLast)).toBe(true);
    });
    return told.filter((one) => !isLast(one));
  };
  const nowMs = async () => {
    const [seconds = 0] = await redis.time();
    return seconds * 1_000;
  };
  const isRevision = (one: (typeof told)[number]) =>
    typeof one === 'object' && one.kind === 'revision';
  const revisionOf = (revision: string) => ({
    ...{ kind: 'revision', market: series.market, series: seriesName(series), revision },
  });

  it('names the market of a newer sight of other rows, and says nothing of an older one, or of the same rows seen again', async () => {
    const seenAtMs = await nowMs();
    await window.put(headAt(series, 5), { ...saved(), seenAtMs: seenAtMs - 3_000 });
    await window.put(headAt(series, 5), { ...saved(), seenAtMs: seenAtMs - 2_000 });
    await window.put(headAt(series, 6), { ...saved(), seenAtMs: seenAtMs - 1_000 });
    await window.put(headAt(series, 5), { ...saved(), seenAtMs: seenAtMs - 1_500 });
    const sight = { kind: 'sight', market: series.market };
    expect(await heard()).toEqual([revisionOf('1'), sight, sight]);
  });

  it('names a revision when it has moved, once', async () => {
    await window.put(page(series, 0, 10), saved(1));
    await window.expectRevision(series, 1);
    await window.expectRevision(series, 2);
    await window.put(page(series, 30, 40), saved(1));
    expect((await heard()).filter(isRevision)).toEqual([revisionOf('1'), revisionOf('2')]);
  });

  it('names the market whose finals are put: they pass a head, and longer candles can be folded with them', async () => {
    await window.put(headAt(series, 10), { ...saved(), seenAtMs: await nowMs() });
    await heard();
    told = [];
    await window.put(page(series, 0, 20), saved(1));
    const { covered, finals } = page(series, 20, 30);
    await window.fill({ series, covered, rows: finals }, 1);
    const sight = { kind: 'sight', market: series.market };
    expect(await heard()).toEqual([sight, sight]);
  });

  it('tells of a loss, and of the return when all is heard again', async () => {
    const clients = String(await redis.client('LIST'));
    const own = /^id=(\d+) .*name=window-changes /m.exec(clients)?.[1];
    await redis.client('KILL', 'ID', Number(own));
    await waitFor(() => {
      expect(told).toContain('back');
    });
    await window.expectRevision(series, 3);
    expect(await heard()).toEqual(['lost', 'back', revisionOf('3')]);
  });

  it('takes what it cannot understand for a loss', async () => {
    await redis.publish(keys.windowChanges(DATABASE), 'sight of something');
    expect(await heard()).toEqual(['lost', 'back']);
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });
});
