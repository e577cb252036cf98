import { checkPolicy } from './limit-policy';

const GROUP = { egressId: 'default', group: 'candles' };

describe('limit policy', () => {
  it('defaults to ten calls in any second, with time for a call and one rest in the lease', () => {
    expect(checkPolicy(GROUP)).toEqual({
      ...GROUP,
      limit: 10,
      windowMs: 1_000,
      marginMs: 10,
      lateMs: 50,
      restMs: 1_010,
      leaseMs: 6_050,
      callMs: 5_000,
      perMinute: 0,
      perHour: 0,
    });
  });

  it('refuses a lease that ends before a call and its rest could', () => {
    expect(() => checkPolicy({ ...GROUP, leaseMs: 1_050 })).toThrow(
      'limit policy of candles: callMs (leaseMs - windowMs - lateMs) is 0, set a whole number of at least 1',
    );
  });

  it('refuses a lease longer than the scripts believe', () => {
    expect(() => checkPolicy({ ...GROUP, leaseMs: 60_001 })).toThrow('set it to at most 60000');
  });

  it.each([
    { limit: 0 },
    { limit: 2.5 },
    { windowMs: 0 },
    { marginMs: -1 },
    { marginMs: NaN },
    { lateMs: -1 },
    { perHour: 0.5 },
  ])('refuses %j', (wrong) => {
    expect(() => checkPolicy({ ...GROUP, ...wrong })).toThrow(RangeError);
  });
});
