import { openPrincipal, type Principal } from '@candlekeep/access';
import { FREE_PASS, MOST_STREAMS, StreamPasses } from './stream-passes';

const principal: Principal = { kind: 'key', id: 'abcd2345', name: 'x', scopes: ['read'] };
const follower = { principal, allowance: undefined };

describe('who follows streams', () => {
  it('may follow so many with one key, and another one when one has ended', () => {
    const passes = new StreamPasses({ named: () => undefined });
    const taken = Array.from({ length: MOST_STREAMS }, () => passes.take(follower));
    expect(taken.every((pass) => pass !== undefined)).toBe(true);
    expect(passes.take(follower)).toBeUndefined();
    const other = { ...follower, principal: { ...principal, id: 'efgh2345' } };
    expect(passes.take(other)).toBeDefined();
    for (let i = 0; i < 2; i += 1) taken[0]?.end();
    expect(passes.take(follower)).toBeDefined();
    expect(passes.take(follower)).toBeUndefined();
  });

  it('may go on as long as the key is known', () => {
    const known = new Set([principal.id]);
    const named = (id: string) =>
      known.has(id) ? { principal, rowsPerMinute: undefined } : undefined;
    const pass = new StreamPasses({ named }).take(follower);
    expect(pass?.isValid()).toBe(true);
    known.clear();
    expect(pass?.isValid()).toBe(false);
  });

  it('is not counted without a key', () => {
    const passes = new StreamPasses({ named: () => undefined });
    const open = { principal: openPrincipal('read'), allowance: undefined };
    expect(passes.take(open)).toBe(FREE_PASS);
  });
});
