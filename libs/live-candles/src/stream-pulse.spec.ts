import { StreamPulse } from './stream-pulse';

/** Epoch ms at monotonic 0. */
const BEGIN_MS = Date.UTC(2026, 0, 1);

function opened(): StreamPulse {
  const pulse = new StreamPulse();
  pulse.opened(0);
  return pulse;
}

/** Hears a frame that was sent `lateMs` before it arrived, by a clock of ours that is ahead by `aheadMs`. */
function hear(pulse: StreamPulse, atMonotonicMs: number, lateMs = 20, aheadMs = 0): number {
  const sentMs = BEGIN_MS + atMonotonicMs - lateMs;
  return pulse.heard({ atMonotonicMs, nowMs: BEGIN_MS + atMonotonicMs + aheadMs, sentMs });
}

describe('the pulse of a stream', () => {
  it('is steady as of the ms before its last evidence, less the lag, however much time passes', () => {
    const pulse = opened();
    expect(pulse.state(0).kind).toBe('silent');
    expect(hear(pulse, 100)).toBe(80);
    expect(pulse.steadySinceMs()).toBe(BEGIN_MS + 80);
    expect([pulse.asOf(100), pulse.asOf(2_100)]).toEqual([79, 79]);
    expect(pulse.asOf(2_101)).toBeUndefined();
    expect(pulse.state(2_101)).toEqual({ kind: 'silent', ageMs: 2_001, lagMs: 20 });
  });

  it('leaves room for what was sent in the same ms to another market and is still on its way', () => {
    const pulse = opened();
    hear(pulse, 100, 20);
    expect(pulse.asOf(100)).toBeLessThan(80);
    hear(pulse, 130, 50);
    expect(pulse.asOf(130)).toBeLessThan(80);
  });

  it('counts from anew after silence', () => {
    const pulse = opened();
    hear(pulse, 100);
    hear(pulse, 2_200);
    expect(pulse.steadySinceMs()).toBe(BEGIN_MS + 2_180);
    expect(pulse.asOf(2_200)).toBe(2_179);
  });

  it('lags when frames come more than two seconds late, until they do not', () => {
    const pulse = opened();
    hear(pulse, 100);
    hear(pulse, 1_200, 2_001);
    expect(pulse.state(1_200)).toMatchObject({ kind: 'lagging', lagMs: 2_001 });
    expect([pulse.asOf(1_200), pulse.steadySinceMs()]).toEqual([undefined, undefined]);
    hear(pulse, 1_300, 1_500);
    expect([pulse.asOf(1_300), pulse.steadySinceMs()]).toEqual([-201, BEGIN_MS - 200]);
  });

  it('takes the smallest difference as the baseline when our clock is behind', () => {
    const pulse = opened();
    hear(pulse, 100, 20, -5_000);
    expect(pulse.asOf(100)).toBe(99);
    hear(pulse, 1_100, 620, -5_000);
    expect(pulse.asOf(1_100)).toBe(499);
    for (let at = 1_200; at < 700_000; at += 1_000) hear(pulse, at, 300, -5_000);
    hear(pulse, 700_100, 300, -5_000);
    expect(pulse.asOf(700_100)).toBe(700_099);
  });

  it('counts it as lag when our clock is ahead', () => {
    const pulse = opened();
    hear(pulse, 100, 20, 3_000);
    expect(pulse.state(100)).toMatchObject({ kind: 'lagging', lagMs: 3_020 });
  });

  it('counts from anew when the clock was set', () => {
    const pulse = opened();
    hear(pulse, 100);
    hear(pulse, 200, 20, 501);
    expect(pulse.steadySinceMs()).toBe(BEGIN_MS + 180);
  });

  it('is alive by frames that do not say when they were sent, but as of the last that did', () => {
    const pulse = opened();
    pulse.heard({ atMonotonicMs: 50, nowMs: BEGIN_MS + 50 });
    expect(pulse.asOf(50)).toBeUndefined();
    hear(pulse, 100);
    expect(pulse.heard({ atMonotonicMs: 1_500, nowMs: BEGIN_MS + 1_500 })).toBe(80);
    expect([pulse.state(3_400).kind, pulse.asOf(3_400)]).toEqual(['steady', 79]);
  });

  it('tells a time of the exchange that never falls and outlives a connection', () => {
    const pulse = opened();
    expect(pulse.exchangeMs(0)).toBeUndefined();
    hear(pulse, 100, 20);
    hear(pulse, 200, 1_000);
    pulse.lost(300);
    expect(pulse.state(301)).toMatchObject({ kind: 'away', ageMs: 1 });
    expect(pulse.steadySinceMs()).toBeUndefined();
    expect(pulse.exchangeMs(1_000)).toBe(BEGIN_MS + 980);
  });

  it('is as old as the most that a frame has come behind others lately', () => {
    const pulse = opened();
    hear(pulse, 100);
    hear(pulse, 150, 350);
    hear(pulse, 200);
    expect(pulse.asOf(200)).toBe(179 - 280);
    for (let at = 1_200; at < 800_000; at += 1_000) hear(pulse, at);
    expect(pulse.asOf(799_300)).toBe(799_179);
  });

  it('does not call the stream late for one straggler, only less sure', () => {
    const pulse = opened();
    hear(pulse, 100);
    hear(pulse, 200, 5_000);
    hear(pulse, 300);
    expect(pulse.steadySinceMs()).toBe(BEGIN_MS + 80);
    expect(pulse.asOf(300)).toBe(279 - 500);
  });

  it('does not grow used to a stream that stays late', () => {
    const pulse = opened();
    hear(pulse, 100, 20, -5_000);
    for (let at = 1_000; at < 1_500_000; at += 1_000) hear(pulse, at, 4_000, -5_000);
    expect(pulse.state(1_499_000)).toMatchObject({ kind: 'lagging', lagMs: 3_980 });
  });

  it('forgets how far ahead a fast clock of ours has run', () => {
    const pulse = opened();
    const day = 24 * 3_600_000;
    for (let at = 0; at <= day; at += 60_000) {
      const nowMs = BEGIN_MS + at;
      pulse.heard({ atMonotonicMs: at * 1.00006, nowMs, sentMs: nowMs - 20 });
    }
    const aheadMs = (pulse.exchangeMs(day * 1.00006) ?? 0) - (BEGIN_MS + day);
    expect(aheadMs).toBeLessThan(40);
  });

  it('does not believe a send time far in the future', () => {
    const pulse = opened();
    hear(pulse, 100, -10_001);
    expect(pulse.exchangeMs(100)).toBeUndefined();
  });
});
