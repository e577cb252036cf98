import { type AnswerOrigin, cacheStatusOf } from './cache-status';

const fresh: AnswerOrigin = { source: 'l1', collapsed: false, staleMs: 0, insteadOfError: false };

describe('Cache-Status', () => {
  it.each<[string, Partial<AnswerOrigin>]>([
    ['hit; detail=l1', {}],
    ['hit; detail=fold', { source: 'fold', collapsed: true }],
    ['hit; ttl=-1; detail=l1', { staleMs: 1 }],
    ['hit; ttl=-60; detail=l2', { staleMs: 60_000, source: 'l2' }],
    ['fwd=miss; detail=exchange', { source: 'exchange' }],
    ['fwd=miss; collapsed; detail=exchange', { source: 'exchange', collapsed: true }],
    ['fwd=stale; ttl=-6; detail=l1', { staleMs: 5_001, insteadOfError: true }],
    [
      'fwd=stale; collapsed; ttl=-5; detail=fold',
      { staleMs: 5_000, insteadOfError: true, collapsed: true, source: 'fold' },
    ],
  ])('says %s', (expected, origin) => {
    expect(cacheStatusOf({ ...fresh, ...origin })).toBe(expected);
  });
});
