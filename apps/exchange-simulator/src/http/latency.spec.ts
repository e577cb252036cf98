import { ManualClock } from '@candlekeep/clock';
import { Latency, type LatencyProfile } from './latency';

/** The delays of many answers, ascending. */
function delays(profile: LatencyProfile, seed = 'latency'): number[] {
  const latency = new Latency({ profile, meanMs: 100, seed }, new ManualClock());
  const whole = Array.from({ length: 20_000 }, () => latency.nextHalvesMs());
  return whole.map(([before, after]) => before + after).sort((a, b) => a - b);
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(share * sorted.length)] ?? NaN;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the latency', () => {
  it('of the profile "plan" has a mean of 150 ms, 95 % within 500 and a tail to 1,000', () => {
    const plan = delays('plan');
    expect(Math.abs(mean(plan) - 150)).toBeLessThan(5);
    expect(Math.abs(quantile(plan, 0.95) - 500)).toBeLessThan(20);
    expect(plan.at(-1)).toBeGreaterThan(900);
    expect(plan.at(-1)).toBeLessThanOrEqual(1_000);
  });

  it('of the profile "measured" has a median of 13 ms and 95 % within 34', () => {
    const measured = delays('measured');
    expect(Math.abs(quantile(measured, 0.5) - 13)).toBeLessThan(0.5);
    expect(Math.abs(quantile(measured, 0.95) - 34)).toBeLessThan(3);
  });

  it('follows from the seed', () => {
    const draw = (seed: string): unknown => {
      const latency = new Latency({ profile: 'plan', meanMs: 0, seed }, new ManualClock());
      return [1, 2, 3].map(() => latency.nextHalvesMs());
    };
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  it('without a profile spreads round its mean, and can be changed', () => {
    const latency = new Latency({ profile: 'none', meanMs: 100, seed: 'a' }, new ManualClock());
    expect(latency.nextHalvesMs()).toEqual([50, 50]);
    latency.change({ profile: 'none', meanMs: 0, seed: 'a' });
    expect(latency.nextHalvesMs()).toEqual([0, 0]);
  });
});
