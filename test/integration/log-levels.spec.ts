import { ManualClock } from '@candlekeep/clock';
import { LogLevels } from '@candlekeep/log-levels';
import { keys, openRedis } from '@candlekeep/redis';
import { waitFor } from '../support/app-process';
import { LogRecorder } from '../support/log-recorder';
import { redisUrl } from '../support/servers';

describe('log levels of running processes', () => {
  const redis = openRedis({
    ...{ url: redisUrl(), role: 'command', name: 'test', onError: () => undefined },
  });
  const clock = new ManualClock(0);
  const log = new LogRecorder();
  const levels = new LogLevels({ redis, clock, log, process: 'worker', own: 'info' });

  beforeAll(() => {
    levels.start();
  });
  afterAll(async () => {
    await levels.close();
    await redis.del(...['all', 'worker', 'live', 'gateway'].map(keys.logLevel));
    redis.disconnect();
  });

  const isAt = async (level: string): Promise<void> => {
    await waitFor(async () => {
      await clock.advance(1_000);
      expect(log.adjusted.at(-1)).toBe(level);
    });
  };

  it('change for all, and for one kind before all', async () => {
    await levels.say({ level: 'warn', seconds: 60 });
    await isAt('warn');
    await levels.say({ level: 'debug', process: 'worker', seconds: 60 });
    await isAt('debug');
    expect(await levels.told()).toEqual({ gateway: 'warn', worker: 'debug', live: 'warn' });
  });

  it('go back when their time is over', async () => {
    await levels.say({ level: 'error', seconds: 1 });
    await isAt('error');
    await isAt('info');
  });

  it('that are none are taken away', async () => {
    await redis.set(keys.logLevel('worker'), 'loud');
    await waitFor(async () => {
      await clock.advance(1_000);
      expect(await redis.exists(keys.logLevel('worker'))).toBe(0);
    });
    expect(log.adjusted.at(-1)).toBe('info');
  });
});
