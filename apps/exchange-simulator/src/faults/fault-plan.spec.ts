import { ManualClock } from '@candlekeep/clock';
import { Blocks } from '../http/blocks';
import { StreamFaults } from '../stream/stream-faults';
import { faultKinds } from './fault-kinds';
import { FaultPlan } from './fault-plan';
import { readFaultRequest } from './fault-request';

const call = (url = '/v1/candles/days?market=KRW-BTC', group = 'candles') => {
  const { pathname: path, searchParams: query } = new URL(url, 'http://exchange');
  return { path, query, group };
};

describe('the plan of faults', () => {
  const blocks = new Blocks();
  const streamFaults = new StreamFaults();
  const kinds = faultKinds({ blocks, streamFaults });
  let clock: ManualClock;
  let plan: FaultPlan;
  const add = (body: unknown): void => {
    plan.add(readFaultRequest(body, kinds));
  };
  const strikes = (times: number): number =>
    Array.from({ length: times }, () => plan.strike(call())).filter(Boolean).length;
  beforeEach(() => {
    clock = new ManualClock();
    plan = new FaultPlan(clock);
  });

  it('strikes nothing when it is empty, and every call until it is cleared otherwise', () => {
    expect(strikes(3)).toBe(0);
    add({ kind: 'timeout' });
    expect(strikes(3)).toBe(3);
    plan.clear();
    expect(strikes(3)).toBe(0);
  });

  it.each([
    [{ group: 'candles' }, 2],
    [{ path: '/v1/candles' }, 2],
    [{ market: 'krw-eth' }, 2],
    [{ path: '/v1/candles', market: 'KRW-ETH' }, 1],
  ])('strikes only calls that match %j', (match, expected) => {
    add({ kind: 'reset', match });
    const calls = [
      call(),
      call('/v1/candles/minutes/1?market=krw-eth'),
      call('/v1/ticker?markets=KRW-BTC,KRW-ETH', 'ticker'),
    ];
    expect(calls.filter((one) => plan.strike(one) !== undefined)).toHaveLength(expected);
  });

  it('strikes so many times, then leaves the calls to the next fault', () => {
    add({ kind: 'rate-limited', times: 2 });
    add({ kind: 'reset', times: 1 });
    const kindsStruck = [1, 2, 3, 4].map(() => plan.strike(call())?.kind);
    expect(kindsStruck).toEqual(['refuse', 'refuse', 'disturb', undefined]);
    expect(plan.list()).toMatchObject([
      { id: 1, kind: 'rate-limited', times: 2, struck: 2, isActive: false },
      { id: 2, kind: 'reset', struck: 1, isActive: false },
    ]);
  });

  it('strikes a share of the calls, the same ones for the same seed', () => {
    const pattern = (seed: string): string => {
      plan.clear();
      add({ kind: 'reset', probability: 0.3, seed });
      return Array.from({ length: 400 }, () => (plan.strike(call()) ? 1 : 0)).join('');
    };
    expect(pattern('a')).toBe(pattern('a'));
    expect(pattern('a')).not.toBe(pattern('b'));
    const share = pattern('a').replaceAll('0', '').length / 400;
    expect(share).toBeGreaterThan(0.23);
    expect(share).toBeLessThan(0.37);
  });

  it('strikes for as long as it was told to', async () => {
    add({ kind: 'reset', forMs: 1_000 });
    await clock.advance(999);
    expect(strikes(1)).toBe(1);
    await clock.advance(1);
    expect(strikes(1)).toBe(0);
  });

  it('lets one fault be ended alone', () => {
    add({ kind: 'reset' });
    expect([plan.remove(1), plan.remove(1)]).toEqual([true, false]);
    expect(strikes(1)).toBe(0);
  });

  it.each(['its time', 'its removal'])('ends a lasting fault with %s', async (ending) => {
    blocks.lift();
    add({ kind: 'escalation', after: 1, forMs: 1_000 });
    expect(plan.strike(call())).toBeUndefined();
    blocks.noteRefusal('first', 0);
    expect(blocks.find('first', 1)).toBeDefined();
    if (ending === 'its time') await clock.advance(1_000);
    else plan.remove(1);
    blocks.noteRefusal('second', 2);
    expect(blocks.find('second', 3)).toBeUndefined();
  });

  it('begins and ends the stream’s faults, which strike no calls', () => {
    add({ kind: 'stream-late', byMs: 300 });
    expect([strikes(1), streamFaults.lateByMs()]).toEqual([0, 300]);
    plan.clear();
    expect(streamFaults.lateByMs()).toBe(0);
    expect(() => {
      add({ kind: 'stream-silent', byMs: 1 });
    }).toThrow(/Unrecognized key/);
  });
});
