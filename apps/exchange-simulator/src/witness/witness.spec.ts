import { Witness, type Arrival } from './witness';

const call = (atMs: number, more: Partial<Arrival> = {}): Arrival => ({
  address: '127.0.0.1',
  group: 'candles',
  url: '/v1/candles/days?market=KRW-BTC',
  atMs,
  isRejected: false,
  ...more,
});

describe('the witness', () => {
  it('counts calls by group and by path and query, and the rejected ones', () => {
    const witness = new Witness();
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
    const witness = new Witness();
    for (const atMs of [0, 900, 950, 999, 1_000, 1_899, 1_900, 5_000]) witness.see(call(atMs));
    witness.see(call(5_000, { address: '127.0.0.2' }));
    expect(witness.testify()).toMatchObject({
      maxPerSecond: 5,
      maxPerSecondByGroup: { candles: 5 },
    });
  });

  it('names 10,000 different calls and sums up the others', () => {
    const witness = new Witness();
    for (let i = 0; i < 10_005; i += 1) witness.see(call(i * 1_000, { url: `/${i}` }));
    const { byUrl, total } = witness.testify();
    expect(Object.keys(byUrl)).toHaveLength(10_001);
    expect(byUrl['(other)']).toBe(5);
    expect(total).toBe(10_005);
  });

  it('forgets on reset, but not the calls of the last second', () => {
    const witness = new Witness();
    witness.see(call(0));
    witness.reset();
    expect(witness.testify()).toEqual({
      total: 0,
      byGroup: {},
      byUrl: {},
      maxPerSecond: 0,
      maxPerSecondByGroup: {},
      rejected: 0,
    });
    witness.see(call(500));
    expect(witness.testify().maxPerSecond).toBe(2);
  });
});
