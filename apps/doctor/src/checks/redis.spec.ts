import { openRedis, type ServerFacts } from '@candlekeep/redis';
import { judgeCache, judgeQueue } from './redis';
import type { RedisThere } from './redis-look';

const sound: ServerFacts = {
  version: '7.0.15',
  runId: 'queue',
  isReplica: false,
  evictionPolicy: 'noeviction',
  usedBytes: 50 * 1_048_576,
  maxBytes: 0,
  isAppendOnly: true,
  isSaving: true,
};

describe('the judgement of Redis', () => {
  const connection = openRedis({
    ...{ url: 'redis://127.0.0.1:1', role: 'command', name: 'judged', onError: () => undefined },
  });

  afterAll(() => {
    connection.disconnect();
  });

  const there = (changes: Partial<ServerFacts>, snapshots = ''): RedisThere => ({
    ...{ kind: 'there', address: 'redis://a', connection, facts: { ...sound, ...changes } },
    ...{ snapshots, offset: { leastMs: 0, mostMs: 1 } },
  });
  const queue = there({});
  const cacheFacts = { runId: 'cache', evictionPolicy: 'allkeys-lru', maxBytes: 100 * 1_048_576 };

  const ofQueue = (changes: Partial<ServerFacts>, snapshots?: string) =>
    judgeQueue(there(changes, snapshots)).flatMap(({ state, seen }) =>
      state === 'ok' ? [] : [`${state}: ${seen}`],
    );
  const ofCache = (changes: Partial<ServerFacts>) =>
    judgeCache(there({ ...cacheFacts, ...changes }), queue).flatMap(({ state, seen }) =>
      state === 'ok' ? [] : [`${state}: ${seen}`],
    );

  it('has no word against sound ones, nor against one that tells nothing', () => {
    expect([...ofQueue({}), ...ofCache({})]).toEqual([]);
    const mute = {
      evictionPolicy: undefined,
      usedBytes: undefined,
      maxBytes: undefined,
      isAppendOnly: undefined,
    };
    expect([...ofQueue(mute), ...ofCache(mute)]).toEqual([]);
  });

  it.each<[Partial<ServerFacts>, string, string]>([
    [{ evictionPolicy: 'allkeys-lru' }, '', 'fail: allkeys-lru, 50.0 MB used, no limit'],
    [{ maxBytes: 52 * 1_048_576 }, '', 'warn: noeviction, 50.0 MB used, of 52.0 MB'],
    [{ isAppendOnly: false }, '', 'warn: none'],
    [{ isAppendOnly: false }, '3600 1', 'warn: no append-only file, snapshots at most (3600 1)'],
    [{ isSaving: false }, '', 'fail: its last write to disk failed'],
    [{ isReplica: true }, '', 'fail: redis://a, version 7.0.15, a replica that takes no writes'],
    [{ version: '5.0.7' }, '', 'fail: redis://a, version 5.0.7 is too old'],
  ])('of the queue server with %j', (changes, snapshots, seen) => {
    expect(ofQueue(changes, snapshots)).toEqual([seen]);
  });

  it.each<[Partial<ServerFacts>, string]>([
    [{ evictionPolicy: 'noeviction' }, 'warn: noeviction, 50.0 MB used, of 100.0 MB'],
    [{ maxBytes: 0 }, 'warn: allkeys-lru, 50.0 MB used, no limit'],
    [{ runId: 'queue' }, 'warn: the same server as REDIS_URL'],
  ])('of the cache server with %j', (changes, seen) => {
    expect(ofCache(changes)).toEqual([seen]);
  });

  it('warns when candles share the queue server because no other is named', () => {
    expect(judgeCache({ kind: 'none' }, queue)).toMatchObject([{ state: 'warn', seen: 'not set' }]);
  });
});
