import { judgeHealth } from './door';
import { judgeNode } from './node';

const url = 'http://127.0.0.1:3000';

describe('the judgement of a gateway', () => {
  it('takes its word that it is ready', () => {
    expect(judgeHealth({ status: 'ok', parts: {}, reasons: [] }, url)).toMatchObject({
      state: 'ok',
    });
  });

  it('fails one that misses a part, and names it', () => {
    const parts = { REDIS_URL: 'ok', DATABASE_URL: 'connect ECONNREFUSED' };
    expect(judgeHealth({ status: 'unavailable', parts, reasons: [] }, url)).toMatchObject({
      state: 'fail',
      seen: 'not ready: DATABASE_URL: connect ECONNREFUSED',
    });
  });

  it('only warns of one that is on its way in or out', () => {
    const health = { status: 'unavailable', parts: {}, reasons: ['draining'] } as const;
    expect(judgeHealth({ ...health, reasons: [...health.reasons] }, url)).toMatchObject({
      state: 'warn',
      seen: 'not ready: draining',
    });
  });
});

describe('the judgement of Node.js', () => {
  it.each([
    ['20.19.0', 'ok'],
    ['24.0.1', 'ok'],
    ['20.18.3', 'fail'],
    ['18.20.0', 'fail'],
  ])('%s: %s', (running, state) => {
    expect(judgeNode(running, '>=20.19').state).toBe(state);
  });
});
