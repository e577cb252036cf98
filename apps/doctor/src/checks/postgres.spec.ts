import type { TimescaleJob } from '@candlekeep/candle-store';
import { judgePostgres } from './postgres';
import type { PostgresThere } from './postgres-look';

const job: TimescaleJob = {
  name: 'Columnstore Policy [1000]',
  packsCandles: true,
  isScheduled: true,
  lastRun: 'done',
  failures: 0,
  lastError: undefined,
};

const sound: PostgresThere = {
  kind: 'there',
  address: 'postgres://db/candles',
  facts: { version: '17.5', isReplica: false, freeConnections: 90, maxConnections: 97 },
  schema: { pending: [], unknown: [] },
  candles: {
    timescale: { kind: 'installed', version: '2.23.0' },
    isHypertable: true,
    jobs: [job],
  },
  activeKeys: 0,
  offset: { leastMs: 0, mostMs: 1 },
};

const notable = (look: PostgresThere, isOurs = false) =>
  judgePostgres(look, isOurs)
    .filter(({ state }) => state !== 'ok')
    .map(({ check, state, seen }) => `${state} ${check}: ${seen}`);

const withJob = (changes: Partial<TimescaleJob>): PostgresThere => ({
  ...sound,
  candles: { ...sound.candles, jobs: [{ ...job, ...changes }] },
});

describe('the judgement of Postgres', () => {
  it('has no word against a sound one', () => {
    expect(notable(sound)).toEqual([]);
  });

  it('does not ask for TimescaleDB where npm start has brought the server', () => {
    const absent = { timescale: { kind: 'absent' }, isHypertable: false, jobs: [] } as const;
    expect(notable({ ...sound, candles: absent }, true)).toEqual([]);
    expect(notable({ ...sound, candles: absent })).toEqual([
      expect.stringContaining('warn DATABASE_URL TimescaleDB: not there'),
    ]);
  });

  it.each([
    [
      'failed',
      { lastRun: 'failed', failures: 3, lastError: 'disk full' },
      '[1000] failed, 3 times so far: disk full',
    ],
    ['is paused', { isScheduled: false }, 'Columnstore Policy [1000] is paused'],
    ['never ran', { lastRun: undefined }, 'Columnstore Policy [1000] has never run'],
    ['is missing', { packsCandles: false }, 'nothing packs old candles'],
  ] as const)('warns of a packing job that %s', (_, changes, seen) => {
    expect(notable(withJob(changes))).toEqual([expect.stringContaining(seen)]);
  });

  it('fails a replica, and a schema that a newer build made', () => {
    const look = {
      ...sound,
      facts: { ...sound.facts, isReplica: true },
      schema: { pending: [], unknown: ['0009_later'] },
    };
    expect(notable(look)).toEqual([
      expect.stringContaining('a replica that takes no writes'),
      'fail DATABASE_URL schema: newer than this build: it has 0009_later',
    ]);
  });

  it('warns when one more process would not find its connections', () => {
    const facts = { ...sound.facts, freeConnections: 9 };
    expect(notable({ ...sound, facts })).toEqual(['warn DATABASE_URL connections: 9 of 97 free']);
  });

  it('fails one that is too old, in the words that stop a start', () => {
    const [finding] = judgePostgres(
      { kind: 'too old', reason: 'PostgreSQL 13.4 is too old' },
      false,
    );
    expect(finding).toMatchObject({ state: 'fail', seen: 'PostgreSQL 13.4 is too old' });
  });
});
