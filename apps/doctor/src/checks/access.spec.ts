import { parseEnv } from '../../../gateway/src/env';
import { judgeAccess } from './access';
import type { PostgresThere } from './postgres-look';

const servers = { REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: 'postgres://127.0.0.1:1/x' };

const storeWith = (activeKeys: number | undefined): PostgresThere => ({
  ...{ kind: 'there', address: 'postgres://db/candles', activeKeys },
  facts: { version: '17.5', isReplica: false, freeConnections: 90, maxConnections: 97 },
  schema: { pending: [], unknown: [] },
  candles: { timescale: { kind: 'absent' }, isHypertable: false, jobs: [] },
  offset: { leastMs: 0, mostMs: 1 },
});

describe('the judgement of access', () => {
  it.each([
    [
      {},
      undefined,
      'ok',
      'no keys: only this machine is meant to ask; behind a proxy, AUTH=keys has to be said',
    ],
    [
      { HOST: '0.0.0.0', AUTH: 'off' },
      0,
      'warn',
      'no keys: whoever reaches 0.0.0.0 can ask, and change things',
    ],
    [{ HOST: '0.0.0.0' }, 0, 'fail', 'keys are asked for, and there is none'],
    [{ HOST: '0.0.0.0' }, 2, 'ok', 'keys are asked for, 2 of them are active'],
    [{ AUTH: 'keys' }, undefined, 'ok', 'keys are asked for; how many there are is not known yet'],
  ])('with %j and %s keys: %s', (environment, keys, state, seen) => {
    const gateway = parseEnv({ ...servers, ...environment });
    expect(judgeAccess(gateway, storeWith(keys))).toMatchObject({ state, seen });
  });
});
