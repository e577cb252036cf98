import { ManualClock } from '@candlekeep/clock';
import { DayCounts, readDay } from '@candlekeep/day-counts';
import { openRedis } from '@candlekeep/redis';
import { Count, silentLogger } from '@candlekeep/telemetry';
import { waitFor } from '../support/app-process';
import { OwnQueueRedis } from '../support/own-queue-redis';
import { redisUrl } from '../support/servers';

const DAY_MS = 24 * 3_600_000;
/** A day of its own, since the database is shared. */
const START_MS = Date.parse('2031-03-04T10:00:00Z');

describe('what is counted on a day', () => {
  const redis = openRedis({
    ...{ url: redisUrl(), role: 'command', name: 'test' },
    onError: () => undefined,
  });

  beforeEach(async () => {
    await redis.del('{ck:day}:2031-03-04', '{ck:day}:2031-03-05');
  });

  afterAll(() => {
    redis.disconnect();
  });

  it('is the sum of all processes, told on the day on which it grew', async () => {
    const clock = new ManualClock(START_MS);
    const processes = [0, 1].map(() => {
      const count = new Count();
      const days = new DayCounts({ redis, clock, log: silentLogger });
      days.follow('answers:l0', count);
      return { count, days };
    });
    for (const { count, days } of processes) {
      count.add(3);
      await days.tell();
      await days.tell();
    }
    const today = await readDay(redis, clock.nowMs());
    expect([today.day, today.count('answers:l0'), today.count('refused')]).toEqual([
      '2031-03-04',
      6,
      0,
    ]);
    expect(today.startingWith('answers:')).toEqual({ l0: 6 });
    const next = new ManualClock(START_MS + DAY_MS);
    expect((await readDay(redis, next.nowMs())).count('answers:l0')).toBe(0);
    expect(await redis.pttl('{ck:day}:2031-03-04')).toBeGreaterThan(2 * DAY_MS);
  });

  it('is told once the server is back, when it was away, and not twice', async () => {
    const server = await OwnQueueRedis.start();
    const own = openRedis({
      ...{ url: server.url, role: 'command', name: 'test' },
      onError: () => undefined,
    });
    try {
      await waitFor(async () => {
        expect(await own.ping()).toBe('PONG');
      }, 10_000);
      const clock = new ManualClock(START_MS);
      const count = new Count();
      const days = new DayCounts({ redis: own, clock, log: silentLogger });
      days.follow('refused', count);
      await server.kill();
      count.add(5);
      await expect(days.tell()).rejects.toThrow();
      await server.bringBack();
      await waitFor(() => days.tell(), 10_000);
      count.add(2);
      await days.close();
      expect((await readDay(own, START_MS)).count('refused')).toBe(7);
    } finally {
      own.disconnect();
      await server.close();
    }
  });
});
