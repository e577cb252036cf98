import { redisConf } from './redis-conf';

const base = { folder: '/data/redis', port: 7001, password: 'secret' };

describe('the configuration of a Redis server', () => {
  it.each(['queue', 'cache'] as const)(
    'keeps the %s server to this machine and a password',
    (role) => {
      const lines = redisConf({ ...base, role }).split('\n');

      expect(lines).toEqual(
        expect.arrayContaining(['bind 127.0.0.1', 'port 7001', 'requirepass secret']),
      );
    },
  );

  it('lets the queue server forget nothing', () => {
    const lines = redisConf({ ...base, role: 'queue' }).split('\n');

    expect(lines).toEqual(
      expect.arrayContaining([
        'maxmemory-policy noeviction',
        'appendonly yes',
        'appendfsync everysec',
      ]),
    );
    expect(lines).not.toContain('maxmemory 100mb');
  });

  it('bounds the cache server and keeps nothing of it on disk', () => {
    const lines = redisConf({ ...base, role: 'cache' }).split('\n');

    expect(lines).toEqual(
      expect.arrayContaining([
        'maxmemory 100mb',
        'maxmemory-policy allkeys-lru',
        'appendonly no',
        'save ""',
      ]),
    );
  });

  it('quotes a folder with blanks and quotation marks', () => {
    const conf = redisConf({ ...base, role: 'cache', folder: '/my "own" \\ data' });

    expect(conf).toContain('dir "/my \\"own\\" \\\\ data"');
  });
});
