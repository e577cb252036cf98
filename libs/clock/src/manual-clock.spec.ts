import fc from 'fast-check';
import { ManualClock } from './manual-clock';

describe('a manual clock', () => {
  it('stands still until it is moved, and moves both of its times alike', async () => {
    const clock = new ManualClock(1_000);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1_000, 0]);
    await clock.advance(250);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1_250, 250]);
  });

  it('wakes sleepers in the order of their alarms, each at its own moment', async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(delays, async (waits) => {
        const clock = new ManualClock(0);
        const woken: number[] = [];
        const sleepers = waits.map(async (ms) => {
          await clock.sleep(ms);
          expect(clock.nowMs()).toBe(ms);
          woken.push(ms);
        });
        await clock.advance(50);
        await Promise.all(sleepers);
        expect(woken).toEqual(waits.toSorted((a, b) => a - b));
      }),
      { numRuns: 30 },
    );
  });

  it('rings an alarm that was set by code which an earlier alarm woke', async () => {
    const clock = new ManualClock(0);
    const seen: number[] = [];
    const work = (async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        await clock.sleep(10);
        seen.push(clock.nowMs());
      }
    })();
    await clock.advance(30);
    await work;
    expect(seen).toEqual([10, 20, 30]);
  });

  it('leaves a sleeper asleep until its moment has come', async () => {
    const clock = new ManualClock(0);
    let isAwake = false;
    const sleeper = clock.sleep(10).then(() => (isAwake = true));
    await clock.advance(9);
    expect(isAwake).toBe(false);
    await clock.advance(1);
    await sleeper;
    expect(isAwake).toBe(true);
  });

  it('ends a sleep with the signal’s own reason, without moving', async () => {
    const clock = new ManualClock(0);
    const reason = new Error('shutting down');
    const stop = new AbortController();
    const sleep = clock.sleep(10, stop.signal);
    stop.abort(reason);
    await expect(sleep).rejects.toBe(reason);
    await expect(clock.sleep(10, stop.signal)).rejects.toBe(reason);
    expect(clock.nowMs()).toBe(0);
  });

  it('repeats a task until it is stopped, from inside the task too', async () => {
    const clock = new ManualClock(0);
    const seen: number[] = [];
    const stop = clock.every(10, () => {
      seen.push(clock.nowMs());
      if (seen.length === 3) stop();
    });
    await clock.advance(100);
    expect(seen).toEqual([10, 20, 30]);
  });

  it('gives the same chance and the same tokens on each run, no token twice', () => {
    const draw = (clock: ManualClock) => [clock.random(), clock.token(), clock.token()];
    expect(draw(new ManualClock())).toEqual(draw(new ManualClock()));
    expect(new Set(draw(new ManualClock())).size).toBe(3);
  });
});
