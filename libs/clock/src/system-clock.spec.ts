import { SystemClock } from './system-clock';

const clock = new SystemClock();

describe('the system clock', () => {
  it('tells the machine’s time, and a time that never goes back', () => {
    expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(1_000);
    const readings = Array.from({ length: 1_000 }, () => clock.monotonicMs());
    expect(readings).toEqual(readings.toSorted((a, b) => a - b));
  });

  it('sleeps at least as long as it was told, give or take the timer’s millisecond', async () => {
    const startedMs = clock.monotonicMs();
    await clock.sleep(20);
    expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(19);
  });

  it('ends a sleep with the signal’s own reason, before and during it', async () => {
    const reason = new Error('shutting down');
    const stop = new AbortController();
    const sleep = clock.sleep(60_000, stop.signal);
    stop.abort(reason);
    await expect(sleep).rejects.toBe(reason);
    await expect(clock.sleep(60_000, stop.signal)).rejects.toBe(reason);
  });

  it('repeats a task until it is stopped', async () => {
    let turns = 0;
    const third = new Promise<void>((resolve) => {
      const stop = clock.every(1, () => {
        turns += 1;
        if (turns < 3) return;
        stop();
        resolve();
      });
    });
    await third;
    await clock.sleep(10);
    expect(turns).toBe(3);
  });

  it('draws chance from [0, 1) and tokens that differ', () => {
    const chances = Array.from({ length: 100 }, () => clock.random());
    expect(chances.every((chance) => chance >= 0 && chance < 1)).toBe(true);
    expect(new Set(chances).size).toBeGreaterThan(90);
    expect(new Set(Array.from({ length: 100 }, () => clock.token())).size).toBe(100);
  });
});
