import fc from 'fast-check';
import { Coverage } from './coverage';
import type { TimeRange } from './time-range';

/** The model: a world of 32 instants, a set of them as the bits of a number. */
const WORLD = 32;
const END: TimeRange = { fromMs: 0, untilMs: WORLD };

const instant = fc.integer({ min: 0, max: WORLD });
/** Any range, empty and inverted ones included. */
const anyRange = fc.record({ fromMs: instant, untilMs: instant });
const anyRanges = fc.array(anyRange, { maxLength: 8 });

function bitsOfRange({ fromMs, untilMs }: TimeRange): Set<number> {
  const bits = new Set<number>();
  for (let at = fromMs; at < untilMs; at += 1) bits.add(at);
  return bits;
}

function bitsOf(ranges: Iterable<TimeRange>): Set<number> {
  return new Set([...ranges].flatMap((range) => [...bitsOfRange(range)]));
}

function only(set: ReadonlySet<number>, keep: (at: number) => boolean): Set<number> {
  return new Set([...set].filter(keep));
}

describe('Coverage, against a set of single instants', () => {
  it('holds exactly the instants of the ranges it was made of', () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        expect(bitsOf(Coverage.of(ranges).ranges)).toEqual(bitsOf(ranges));
      }),
    );
  });

  it('keeps its ranges sorted, non-empty and apart', () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        const own = Coverage.of(ranges).ranges;
        for (const [index, { fromMs, untilMs }] of own.entries()) {
          expect(fromMs).toBeLessThan(untilMs);
          expect(fromMs).toBeGreaterThan(own[index - 1]?.untilMs ?? -1);
        }
      }),
    );
  });

  it('gives equal sets equal ranges, in whatever pieces and order they came', () => {
    const inAnyOrder = anyRanges.chain((ranges) => {
      const singles = [...bitsOf(ranges)].map((at) => ({ fromMs: at, untilMs: at + 1 }));
      const whole = { minLength: singles.length, maxLength: singles.length };
      return fc.tuple(fc.constant(ranges), fc.shuffledSubarray(singles, whole));
    });
    fc.assert(
      fc.property(inAnyOrder, ([ranges, singles]) => {
        expect(Coverage.of(singles).ranges).toEqual(Coverage.of(ranges).ranges);
      }),
    );
  });

  it('unites, subtracts and intersects as sets do', () => {
    fc.assert(
      fc.property(anyRanges, anyRanges, anyRange, (a, b, window) => {
        const [setA, setB, setWindow] = [bitsOf(a), bitsOf(b), bitsOfRange(window)];
        const [coverA, coverB] = [Coverage.of(a), Coverage.of(b)];
        expect(bitsOf(coverA.union(coverB).ranges)).toEqual(new Set([...setA, ...setB]));
        expect(bitsOf(coverA.subtract(coverB).ranges)).toEqual(only(setA, (at) => !setB.has(at)));
        expect(bitsOf(coverA.intersect(window).ranges)).toEqual(
          only(setA, (at) => setWindow.has(at)),
        );
      }),
    );
  });

  it('finds the gaps of a window, oldest first and apart, and contains what has none', () => {
    fc.assert(
      fc.property(anyRanges, anyRange, (ranges, window) => {
        const coverage = Coverage.of(ranges);
        const missing = only(bitsOfRange(window), (at) => !bitsOf(ranges).has(at));
        expect(coverage.gapsWithin(window)).toEqual(
          Coverage.of(coverage.gapsWithin(window)).ranges,
        );
        expect(bitsOf(coverage.gapsWithin(window))).toEqual(missing);
        expect(coverage.contains(window)).toBe(missing.size === 0);
        expect(coverage.newestGap(window)).toEqual(coverage.gapsWithin(window).at(-1));
      }),
    );
  });

  it('walks back from an instant for as long as the instant before is known', () => {
    fc.assert(
      fc.property(anyRanges, instant, (ranges, untilMs) => {
        const known = bitsOf(ranges);
        let fromMs = untilMs;
        while (known.has(fromMs - 1)) fromMs -= 1;
        expect(Coverage.of(ranges).contiguousBackFrom(untilMs)).toEqual({ fromMs, untilMs });
      }),
    );
  });

  it('is empty exactly when it holds nothing', () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        expect(Coverage.of(ranges).isEmpty).toBe(bitsOf(ranges).size === 0);
      }),
    );
  });
});

describe('Coverage', () => {
  it('never changes the sets that it is computed from', () => {
    const [a, b] = [Coverage.of([{ fromMs: 0, untilMs: 9 }]), Coverage.of([END])];
    a.union(b);
    a.subtract(b);
    a.intersect({ fromMs: 3, untilMs: 4 });
    expect(a.ranges).toEqual([{ fromMs: 0, untilMs: 9 }]);
    expect(Coverage.EMPTY.ranges).toEqual([]);
  });

  it('joins pages that touch, so that a pager leaves no seam', () => {
    const pages = [2, 0, 1].map((page) => ({ fromMs: page * 200, untilMs: (page + 1) * 200 }));
    expect(Coverage.of(pages).ranges).toEqual([{ fromMs: 0, untilMs: 600 }]);
  });

  it('keeps an inner hole visible', () => {
    const coverage = Coverage.of([END]).subtract(Coverage.of([{ fromMs: 5, untilMs: 6 }]));
    expect(coverage.contains(END)).toBe(false);
    expect(coverage.gapsWithin(END)).toEqual([{ fromMs: 5, untilMs: 6 }]);
  });
});
