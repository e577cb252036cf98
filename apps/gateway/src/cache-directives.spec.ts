import { parseCacheDirectives } from './cache-directives';

const DAY_MS = 86_400_000;
const plain = { maxAgeMs: 1_000, onlyIfCached: false, maxStaleMs: 0, staleIfErrorMs: 0 };

describe('the directives of a caller', () => {
  it.each<[string, Partial<typeof plain>]>([
    ['', {}],
    ['max-age=5, max-stale=60', { maxAgeMs: 5_000, maxStaleMs: 60_000 }],
    ['Max-Stale="7"', { maxStaleMs: 7_000 }],
    ['max-stale', { maxStaleMs: DAY_MS }],
    ['max-stale=', {}],
    ['max-stale=-3', {}],
    ['stale-if-error=30', { staleIfErrorMs: 30_000 }],
    ['stale-if-error', {}],
    ['no-cache, max-stale=60, stale-if-error=30', { maxAgeMs: 0, staleIfErrorMs: 30_000 }],
    ['only-if-cached, max-stale=9', { onlyIfCached: true, maxStaleMs: 9_000 }],
    ['stale-if-error=99999999999999', { staleIfErrorMs: 2 ** 31 * 1_000 }],
    ['unknown=3, no-transform', {}],
  ])('are read: "%s"', (header, expected) => {
    expect(parseCacheDirectives(header)).toEqual({ ...plain, ...expected });
  });
});
