import { RedisCandleWindow } from '@candlekeep/candle-cache';
import { SystemClock } from '@candlekeep/clock';
import type { RedisConnection } from '@candlekeep/redis';
import { describeWindowRows } from '../support/candle-window-conformance';
import { describeWindowBudget } from '../support/candle-window-conformance-budget';
import { describeWindowFence } from '../support/candle-window-conformance-fence';
import { describeWindowHead } from '../support/candle-window-conformance-head';
import { describeWindowRevisions } from '../support/candle-window-conformance-revisions';
import { describeWindowsSpared } from '../support/candle-window-conformance-spared';
import { describeWindowWishes } from '../support/candle-window-conformance-wishes';
import type { WindowSubject } from '../support/candle-window-subject';
import { MemoryCandleWindow } from '../support/memory-candle-window';
import { MovableRedisTime } from '../support/movable-redis-time';
import { openOwnCacheRedis } from '../support/own-cache-redis';
import { redisDatabases } from '../support/redis-databases';

/** The ledger is one a database. */
const DATABASE = redisDatabases.window;

describe('the candle window in memory', () => {
  let nowMs = 0;
  let windows = new Map<string, MemoryCandleWindow>();

  describeCandleWindow(() => ({
    open: (options) => {
      const name = JSON.stringify(options);
      const window = windows.get(name) ?? new MemoryCandleWindow({ nowMs: () => nowMs }, options);
      windows.set(name, window);
      return window;
    },
    moveTo: (toMs) => {
      nowMs = toMs;
      return Promise.resolve();
    },
    clear: () => {
      windows = new Map();
      return Promise.resolve();
    },
  }));
});

describe('the candle window in Redis', () => {
  let redis: RedisConnection;
  let time: MovableRedisTime;
  let opened: RedisCandleWindow[] = [];
  const clock = new SystemClock();

  beforeAll(async () => {
    redis = await openOwnCacheRedis(DATABASE);
    time = new MovableRedisTime(redis, 'time');
  });
  afterAll(async () => {
    await closeAll();
    redis.disconnect();
  });

  async function closeAll(): Promise<void> {
    await Promise.all(opened.map((window) => window.close()));
    opened = [];
  }

  describeCandleWindow(() => ({
    open: (options) => {
      const window = new RedisCandleWindow(time.connection, clock, options);
      opened.push(window);
      return window;
    },
    moveTo: (nowMs) => time.moveTo(nowMs),
    clear: async () => {
      await closeAll();
      const keys = await redis.keys('{ck:*');
      if (keys.length > 0) await redis.del(...keys);
    },
  }));
});

function describeCandleWindow(subject: () => WindowSubject): void {
  describe('its rows', () => {
    describeWindowRows(subject);
  });
  describe('its revisions', () => {
    describeWindowRevisions(subject);
  });
  describe('its head', () => {
    describeWindowHead(subject);
  });
  describe('its fence', () => {
    describeWindowFence(subject);
  });
  describe('its budget', () => {
    describeWindowBudget(subject);
  });
  describe('the rows that are wished of it', () => {
    describeWindowWishes(subject);
  });
  describe('the wanted ones', () => {
    describeWindowsSpared(subject);
  });
}
