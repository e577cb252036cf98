import path from 'node:path';
import { redisConf } from '../../apps/standalone/src/servers/redis/redis-conf';
import { redisDatabases } from '../support/redis-databases';
import { readSourceTree } from './source-tree';

const entries = Object.entries(redisDatabases);

/** What is said of a test that asks one of the servers alone. */
const QUEUE_ALONE = /\bredisUrl\(/;
const CACHE_ALONE = /\b(?:openOwnCacheRedis|redisCacheUrl)\(/;

describe('the Redis databases of the tests', () => {
  const users = readUsers();

  /** On which servers a test empties its database: a house, or a rig, does so on both. */
  const serversOf = (name: string): string[] => {
    const texts = users.get(name) ?? [];
    if (texts.every((text) => QUEUE_ALONE.test(text) && !CACHE_ALONE.test(text))) return ['queue'];
    if (texts.every((text) => CACHE_ALONE.test(text) && !QUEUE_ALONE.test(text))) return ['cache'];
    return ['queue', 'cache'];
  };

  it('are there on the servers that npm test brings up, and none is the one that is shared', () => {
    const conf = redisConf({ role: 'queue', folder: '/tmp', port: 1, password: 'x' });
    const count = Number(/^databases (\d+)$/m.exec(conf)?.[1]);
    const wrong = entries.filter(([, number]) => !(number >= 1 && number < count));
    expect([count > 1, wrong]).toEqual([true, []]);
  });

  it('are each for one test file alone, on each server', () => {
    const holders = new Map<string, string[]>();
    for (const [name, number] of entries) {
      for (const server of serversOf(name)) {
        const place = `${server} ${number}`;
        holders.set(place, [...(holders.get(place) ?? []), name]);
      }
    }
    expect([...holders].filter(([, names]) => names.length > 1)).toEqual([]);
  });

  it('are all in use', () => {
    expect(entries.map(([name]) => name).filter((name) => !users.has(name))).toEqual([]);
  });
});

/** The texts of the files that use a database, by its name. */
function readUsers(): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const [file, text] of readSourceTree(path.resolve(__dirname, '..', '..'))) {
    if (!file.startsWith('test/')) continue;
    for (const [, name = ''] of text.matchAll(/redisDatabases\.(\w+)/g)) {
      users.set(name, [...(users.get(name) ?? []), text]);
    }
  }
  return users;
}
