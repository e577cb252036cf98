import { SystemClock } from '@candlekeep/clock';
import { openRedis, type RedisConnection, RedisConnections } from '@candlekeep/redis';
import { LogRecorder } from '../support/log-recorder';
import { redisUrl } from '../support/servers';

const KEY = `{test:${new SystemClock().token()}}`;
/** Beyond what the servers of the tests have. */
const MISSING = 128;
const urlOf = (database: number) => new URL(`/${database}`, redisUrl()).href;

describe('a Redis database that its server does not have', () => {
  const opened: RedisConnection[] = [];
  const open = (database: number, onError: (error: Error) => void): RedisConnection => {
    const redis = openRedis({ url: urlOf(database), role: 'command', name: 'test', onError });
    opened.push(redis);
    return redis;
  };
  afterAll(() => {
    for (const redis of opened) redis.disconnect();
  });

  it('is refused loudly: no command reaches another database', async () => {
    const errors: Error[] = [];
    const redis = open(MISSING, (error) => errors.push(error));
    await expect(redis.set(KEY, 'astray', 'PX', 60_000)).rejects.toThrow();
    const present = open(0, (error) => {
      throw error;
    });
    expect(await present.exists(KEY)).toBe(0);
    expect(errors.map(({ name, message }) => `${name}: ${message}`)).toContainEqual(
      expect.stringMatching(
        /^RedisDatabaseRefused: \S+:\d+ refuses database 128 \(ERR .+\): end the URL with a number/,
      ),
    );
  });

  it('is why a process that is told of it cannot start', async () => {
    const connections = new RedisConnections('test', new LogRecorder());
    try {
      const redis = connections.open(urlOf(MISSING), 'command');
      const startMs = new SystemClock().monotonicMs();
      await expect(connections.reach(redis)).rejects.toThrow(/refuses database 128/);
      expect(new SystemClock().monotonicMs() - startMs).toBeLessThan(10_000);
    } finally {
      await connections.close();
    }
  });
});
