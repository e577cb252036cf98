import { Coverage, Timeframe, type TimeRange } from '@candlekeep/market';
import fc from 'fast-check';
import { type FoldQuestion, planFold } from './plan-fold';

const minutes = Timeframe.parse('1m');
const hours = Timeframe.parse('60m');
const MINUTE = 60_000;
const START_MS = Date.UTC(2025, 8, 1);
const at = (minute: number): number => START_MS + minute * MINUTE;
const range = (from: number, until: number): TimeRange => ({
  fromMs: at(from),
  untilMs: at(until),
});

describe('planFold', () => {
  const question = (overrides: Partial<FoldQuestion>): FoldQuestion => ({
    timeframe: Timeframe.parse('5m'),
    range: range(0, 100),
    known: Coverage.EMPTY,
    sources: [{ timeframe: minutes, coverage: Coverage.EMPTY }],
    maxParts: 1_000,
    ...overrides,
  });
  const coveredMinutes = (...ranges: TimeRange[]) => [
    { timeframe: minutes, coverage: Coverage.of(ranges) },
  ];

  it('has nothing to do without a source, or where all is known', () => {
    expect(planFold(question({}))).toEqual([]);
    const known = Coverage.of([range(0, 100)]);
    expect(planFold(question({ known, sources: coveredMinutes(range(0, 100)) }))).toEqual([]);
  });

  it('takes whole slots only, so that the forming one is left out', () => {
    const steps = planFold(question({ sources: coveredMinutes(range(3, 94)) }));
    expect(steps).toEqual([{ source: minutes, range: range(5, 90) }]);
  });

  it('goes round what is known, newest first', () => {
    const known = Coverage.of([range(40, 50)]);
    const steps = planFold(question({ known, sources: coveredMinutes(range(0, 100)) }));
    expect(steps.map((step) => step.range)).toEqual([range(50, 100), range(0, 40)]);
  });

  it('prefers the first source and takes the next one where that has a hole', () => {
    const DAY = 1_440;
    const steps = planFold({
      ...question({ maxParts: 10_000 }),
      timeframe: Timeframe.parse('1d'),
      range: range(0, 4 * DAY),
      sources: [
        { timeframe: hours, coverage: Coverage.of([range(0, 2 * DAY + 60)]) },
        { timeframe: minutes, coverage: Coverage.of([range(DAY, 3 * DAY)]) },
      ],
    });
    expect(steps).toEqual([
      { source: minutes, range: range(2 * DAY, 3 * DAY) },
      { source: hours, range: range(0, 2 * DAY) },
    ]);
  });

  it('does the newest slots when not all fit into the budget', () => {
    const steps = planFold(question({ maxParts: 12, sources: coveredMinutes(range(0, 100)) }));
    expect(steps.map((step) => step.range)).toEqual([range(90, 100)]);
  });

  it('chooses exactly the slots that are unknown and wholly covered', () => {
    const pieces = fc.array(fc.tuple(fc.nat(100), fc.nat(40)), { maxLength: 5 });
    const coverageOf = (parts: [number, number][], step: number) =>
      Coverage.of(parts.map(([from, size]) => range(from * step, (from + size) * step)));
    fc.assert(
      fc.property(pieces, pieces, (knownFives, sourceMinutes) => {
        const known = coverageOf(knownFives, 5);
        const coverage = coverageOf(sourceMinutes, 1);
        const sources = [{ timeframe: minutes, coverage }];
        const steps = planFold(question({ known, sources, maxParts: 10_000 }));
        const chosen = Coverage.of(steps.map((step) => step.range));
        for (let minute = 0; minute < 100; minute += 5) {
          const slot = range(minute, minute + 5);
          const isWanted = !known.contains(slot) && coverage.contains(slot);
          expect(chosen.contains(slot)).toBe(isWanted);
          expect(chosen.intersect(slot).isEmpty).toBe(!isWanted);
        }
      }),
    );
  });
});
