import { forgetPoison, RedisConnections } from '@candlekeep/redis';
import { waitFor } from '../support/app-process';
import { LogRecorder } from '../support/log-recorder';
import { redisUrl } from '../support/servers';

describe('the Redis connections of a process', () => {
  const log = new LogRecorder();
  let redis: RedisConnections;
  beforeEach(() => {
    redis = new RedisConnections('test', log);
  });

  it('say which of them are ready, by what they are for', async () => {
    const opened = (['command', 'subscriber'] as const).map((role) => redis.open(redisUrl(), role));
    const told = (isReady: boolean) => [
      { role: 'command', isReady },
      { role: 'subscriber', isReady },
    ];
    expect(redis.connections).toEqual(told(false));
    await Promise.all(opened.map((one) => one.ping()));
    expect(redis.connections).toEqual(told(true));
    await redis.close();
    await waitFor(() => {
      expect(redis.connections).toEqual(told(false));
    });
  });

  it('count values that are none of ours, and name their keys in the log', async () => {
    const there = redis.open(redisUrl(), 'command');
    const key = 'ck:test:poisoned-connection';
    await there.set(key, 'from another program');
    await forgetPoison(there, { keys: [key], error: new Error('no value of ours') });
    expect([redis.poisonedCount, await there.exists(key)]).toEqual([1, 0]);
    const errors = log.lines.filter(({ level }) => level === 'error');
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining(key)]);
    await redis.close();
  });
});
