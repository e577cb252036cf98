import { parseServerFacts } from './server-facts';

const info = [
  '# Server',
  'redis_version:7.0.15',
  'run_id:3f1a',
  '',
  '# Memory',
  'used_memory:985528',
  'maxmemory:104857600',
  'maxmemory_policy:allkeys-lru',
  '# Persistence',
  'aof_enabled:1',
  'aof_last_write_status:ok',
  'rdb_last_bgsave_status:ok',
  '# Replication',
  'role:master',
].join('\r\n');

describe('what a Redis server says of itself', () => {
  it('is read from its INFO', () => {
    expect(parseServerFacts(info)).toEqual({
      version: '7.0.15',
      runId: '3f1a',
      isReplica: false,
      evictionPolicy: 'allkeys-lru',
      usedBytes: 985_528,
      maxBytes: 104_857_600,
      isAppendOnly: true,
      isSaving: true,
    });
  });

  it('names a replica, and a server that cannot write its files', () => {
    const ill = info
      .replace('role:master', 'role:slave')
      .replace('bgsave_status:ok', 'bgsave_status:err');
    expect(parseServerFacts(ill)).toMatchObject({ isReplica: true, isSaving: false });
  });

  it('leaves open what is not told', () => {
    expect(parseServerFacts('')).toMatchObject({
      version: undefined,
      evictionPolicy: undefined,
      maxBytes: undefined,
      isAppendOnly: undefined,
    });
  });
});
