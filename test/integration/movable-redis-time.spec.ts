import { LATEST_MS, RedisCandleWindow } from '@candlekeep/candle-cache';
import { SystemClock } from '@candlekeep/clock';
import { Timeframe } from '@candlekeep/market';
import { LuaScript } from '@candlekeep/redis';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { MovableRedisTime } from '../support/movable-redis-time';
import { freshMarket, TestRedis } from '../support/redis';

describe('a movable time of Redis', () => {
  const servers = new TestRedis();
  const redis = servers.cache();
  const key = `movable-time-of-${process.pid}`;
  const time = new MovableRedisTime(redis, key);
  const tellTime = scriptOf("return redis.call('TIME')");

  afterAll(async () => {
    await redis.del(key);
    servers.close();
  });

  it.each([0, 1, 999, 1_000, 1_756_684_800_123, 4_102_444_800_001, 5])(
    'stands at %p for every script, forward and backward',
    async (nowMs) => {
      await time.moveTo(nowMs);
      for (const connection of [time.connection, new MovableRedisTime(redis, key).connection]) {
        const [seconds, micros] = await tellTime.run(connection, [], []);
        expect(Number(seconds) * 1_000 + Number(micros) / 1_000).toBe(nowMs);
      }
    },
  );

  it('moves the time that L1 tells, and leaves other connections alone', async () => {
    const query = { series: { market: freshMarket(), timeframe: Timeframe.parse('1m') } };
    const nowOn = async (connection: typeof redis) => {
      const window = new RedisCandleWindow(connection, new SystemClock());
      const [sight] = await window.read([{ ...query, beforeMs: LATEST_MS, limit: 1 }]);
      return sight?.nowMs;
    };
    await time.moveTo(1_000_000);
    expect(await nowOn(time.connection)).toBe(1_000_000);
    await time.moveTo(999_998);
    expect(await nowOn(time.connection)).toBe(999_998);
    expect(await nowOn(redis)).toBeGreaterThan(Date.UTC(2025, 0));
  });

  it('passes keys, arguments, replies and errors on, and all other commands', async () => {
    const echo = scriptOf('return { KEYS[1], ARGV[1], ARGV[2] }');
    expect(await echo.run(time.connection, ['k'], ['a', 2])).toEqual(['k', 'a', '2']);
    const wrong = scriptOf("return redis.call('NO SUCH COMMAND')");
    await expect(wrong.run(time.connection, [], [])).rejects.toThrow('Unknown Redis command');
    await time.connection.set(key, 7);
    expect(await time.connection.multi().get(key).exec()).toEqual([[null, '7']]);
  });

  it('outlives a server that forgets its scripts', async () => {
    await time.moveTo(3_000);
    await tellTime.run(time.connection, [], []);
    await redis.script('FLUSH');
    expect(await tellTime.run(time.connection, [], [])).toEqual(['3', '0']);
  });
});

function scriptOf(text: string): LuaScript<unknown[]> {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'candlekeep-')), 'script.lua');
  writeFileSync(file, text);
  return new LuaScript(file, (reply) => z.array(z.unknown()).parse(reply));
}
