import fc from 'fast-check';
import { SlidingWindow } from './sliding-window';

describe('a sliding window of 10 in 1,000 ms', () => {
  it('admits ten at once and the eleventh exactly one window after the first', () => {
    const window = new SlidingWindow(10, 1_000);
    for (let i = 0; i < 10; i += 1) expect(window.tryEnter(i)).toBe(true);
    expect(window.tryEnter(999)).toBe(false);
    expect(window.remainingAt(999)).toBe(0);
    expect(window.tryEnter(1_000)).toBe(true);
    expect(window.tryEnter(1_000)).toBe(false);
  });

  it('never admits more than ten in any window and never refuses while one has room', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(steps, (gaps) => {
        const window = new SlidingWindow(10, 1_000);
        const admitted: number[] = [];
        let nowMs = 0;
        for (const gap of gaps) {
          nowMs += gap;
          const inWindow = admitted.filter((atMs) => nowMs - atMs < 1_000).length;
          expect(window.tryEnter(nowMs)).toBe(inWindow < 10);
          if (inWindow < 10) admitted.push(nowMs);
        }
      }),
    );
  });
});
