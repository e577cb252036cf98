import { ManualClock } from '@candlekeep/clock';
import { Witness, type Arrival } from './witness';

const NOW_MS = Date.UTC(2026, 10, 22);

const call = (atMs: number, more: Partial<Arrival> = {}): Arrival => ({
  address: '127.0.0.1',
  group: 'candles',
  url: '/v1/candles/days?market=KRW-BTC',
  atMs,
  isRejected: false,
  headers: { host: 'localhost', accept: '*/*' },
  ...more,
});

describe('the witness', () => {
  it('counts calls by group and by path and query, and the rejected ones', () => {
    const witness = new Witness(new ManualClock(NOW_MS));
    witness.see(call(0));
    witness.see(call(5_000, { isRejected: true }));
    witness.see(call(9_000, { group: 'market', url: '/v1/market/all' }));
    expect(witness.testify()).toMatchObject({
      total: 3,
      byGroup: { candles: 2, market: 1 },
      byUrl: { '/v1/candles/days?market=KRW-BTC': 2, '/v1/market/all': 1 },
      rejected: 1,
    });
  });

  it('keeps the most calls of one group and address in any sliding second', () => {
    const witness = new Witness(new ManualClock(NOW_MS));
    for (const atMs of [0, 900, 950, 999, 1_000, 1_899, 1_900, 5_000]) witness.see(call(atMs));
    witness.see(call(5_000, { address: '127.0.0.2' }));
    expect(witness.testify()).toMatchObject({
      maxPerSecond: 5,
      maxPerSecondByGroup: { candles: 5 },
    });
  });

  it('names 10,000 different calls and sums up the others', () => {
    const witness = new Witness(new ManualClock(NOW_MS));
    for (let i = 0; i < 10_005; i += 1) witness.see(call(i * 1_000, { url: `/${i}` }));
    const { byUrl, total } = witness.testify();
    expect(Object.keys(byUrl)).toHaveLength(10_001);
    expect(byUrl['(other)']).toBe(5);
    expect(total).toBe(10_005);
  });

  it('keeps the newest 50,000 arrivals in their order, until it is reset', async () => {
    const clock = new ManualClock(NOW_MS);
    const witness = new Witness(clock);
    for (let i = 0; i < 120_000; i += 1) witness.see(call(i * 1_000, { group: `g${i}` }));
    await clock.advance(7);
    witness.see(call(500_000_000, { isRejected: true }));
    const arrivals = witness.arrivals();
    expect([arrivals.length, arrivals[0]?.group]).toEqual([50_000, 'g70001']);
    expect(arrivals.at(-1)).toEqual({ atMs: NOW_MS + 7, group: 'candles', isRejected: true });
    witness.reset();
    expect(witness.arrivals()).toEqual([]);
  });

  it('forgets on reset, but not the calls of the last second', () => {
    const witness = new Witness(new ManualClock(NOW_MS));
    witness.see(call(0));
    witness.reset();
    expect(witness.testify()).toEqual({
      total: 0,
      byGroup: {},
      byUrl: {},
      maxPerSecond: 0,
      maxPerSecondByGroup: {},
      rejected: 0,
      violations: [],
      violationCount: 0,
    });
    witness.see(call(500));
    expect(witness.testify().maxPerSecond).toBe(2);
  });
});

describe('the violations that the witness records', () => {
  const seen = { atMs: NOW_MS, address: '127.0.0.1', group: 'candles' };
  const url = '/v1/candles/days?market=KRW-BTC';
  const violationsOf = (...arrivals: Arrival[]): unknown => {
    const witness = new Witness(new ManualClock(NOW_MS));
    for (const arrival of arrivals) witness.see(arrival);
    return witness.testify().violations;
  };
  const calls = (moments: readonly number[], more: Partial<Arrival> = {}): Arrival[] =>
    moments.map((atMs) => call(atMs, more));

  it('are none while ten calls fall into any second', () => {
    const steady = Array.from({ length: 40 }, (_, index) => index * 100);
    expect(violationsOf(...calls(steady))).toEqual([]);
  });

  it('name each call beyond the tenth of a sliding second, refused or not', () => {
    const ten = [0, 911, 912, 913, 914, 915, 916, 917, 918, 919];
    expect(violationsOf(...calls([...ten, 1_000]))).toEqual([]);
    const burst = [...ten, 999, 2_000];
    expect(violationsOf(...calls(burst, { isRejected: true }))).toEqual([
      { ...seen, kind: 'too-many-calls', count: 11 },
    ]);
    expect(violationsOf(...calls(burst, { group: 'none' }))).toEqual([]);
    const upgrades = calls([0, 1, 2, 3, 4, 5], { group: 'websocket' });
    expect(violationsOf(...upgrades)).toMatchObject([{ group: 'websocket', count: 6 }]);
  });

  it('name an Origin, and headers that carry secrets but not the secrets', () => {
    const headers = { origin: 'https://example.com', cookie: 'id=1', authorization: 'Bearer x' };
    const found = violationsOf(call(0, { headers }));
    expect(found).toEqual([
      { ...seen, kind: 'origin', url },
      { ...seen, kind: 'secret-header', header: 'authorization', url },
      { ...seen, kind: 'secret-header', header: 'cookie', url },
    ]);
    expect(JSON.stringify(found)).not.toMatch(/Bearer|id=1/);
  });

  it('name calls of a blocked address', () => {
    expect(violationsOf(call(0, { blockedForMs: 1_500 }))).toEqual([
      { ...seen, kind: 'call-while-blocked', leftMs: 1_500 },
    ]);
  });

  it('are kept up to a thousand and counted beyond', () => {
    const witness = new Witness(new ManualClock(NOW_MS));
    for (let i = 0; i < 1_200; i += 1) witness.see(call(i * 1_000, { blockedForMs: 1 }));
    const { violations, violationCount } = witness.testify();
    expect([violations.length, violationCount]).toEqual([1_000, 1_200]);
  });
});
