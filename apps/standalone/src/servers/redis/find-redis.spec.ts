import { candidateFiles } from './find-redis';

describe('the places to look for a Redis server', () => {
  it('are those of PATH first, then the usual ones, each once', () => {
    const files = candidateFiles('/my/bin:/usr/bin');

    expect(files.slice(0, 3)).toEqual([
      '/my/bin/redis-server',
      '/usr/bin/redis-server',
      '/usr/local/bin/redis-server',
    ]);
    expect(new Set(files).size).toBe(files.length);
  });

  it('include Valkey, after every Redis', () => {
    const files = candidateFiles('/my/bin');

    expect(files.indexOf('/my/bin/valkey-server')).toBeGreaterThan(
      files.lastIndexOf('/usr/bin/redis-server'),
    );
  });

  it('leave out relative folders, which mean another place in another folder', () => {
    expect(candidateFiles('.:bin::/my/bin').every((file) => file.startsWith('/'))).toBe(true);
  });
});
