import { ManualClock } from '@candlekeep/clock';
import { Patience } from './patience';

const late = (): Error => new Error('too late');
const never = new Promise<never>(() => undefined);

describe('patience', () => {
  it('runs out by the steady clock and stays at nothing', async () => {
    const clock = new ManualClock();
    const patience = new Patience(clock, 500);
    expect([patience.totalMs, patience.leftMs]).toEqual([500, 500]);
    await clock.advance(499);
    expect(patience.leftMs).toBe(1);
    await clock.advance(1_000);
    expect(patience.leftMs).toBe(0);
  });

  it('gives up work at its end, and only then', async () => {
    const clock = new ManualClock();
    const patience = new Patience(clock, 500);
    let outcome = 'waiting';
    void patience.within(never, late).catch((error: unknown) => (outcome = String(error)));
    await clock.advance(499);
    expect(outcome).toBe('waiting');
    await clock.advance(1);
    expect(outcome).toBe('Error: too late');
  });

  it('ends as the work does that is in time', async () => {
    const patience = new Patience(new ManualClock());
    expect(await patience.within(Promise.resolve(7), late)).toBe(7);
    await expect(patience.within(Promise.reject(new Error('broken')), late)).rejects.toThrow(
      'broken',
    );
  });
});
