import fc from 'fast-check';
import { Coverage } from './coverage';
import { BEGINNING_MS, newestSlots, slotsWithin } from './slot-range';
import type { TimeRange } from './time-range';
import { Timeframe } from './timeframe';

/** A world of small steps, each the open of one candle of the timeframe that is folded, and the longer slots over them. */
interface World {
  readonly step: Timeframe;
  readonly slots: Timeframe;
  readonly opens: readonly number[];
}

const worlds = [
  world('1m', '3m', Date.UTC(2025, 8, 1), 60),
  world('1m', '60m', Date.UTC(2025, 8, 1, 0, 17), 400),
  world('60m', '1d', Date.UTC(2025, 8, 1), 120),
  world('1d', '1w', Date.UTC(2024, 11, 20), 60),
  world('1d', '1M', Date.UTC(2024, 0, 10), 120),
  world('1M', '1y', Date.UTC(2020, 5), 60),
];

describe.each(worlds)('$slots slots over $step candles, against a set of opens', (own) => {
  const { slots, opens } = own;
  const anyOpen = fc.constantFrom(...opens);
  const anyRange = fc.record({ fromMs: anyOpen, untilMs: anyOpen });
  const anyRanges = fc.array(anyRange, { maxLength: 5 });

  it('counts the slots that open within a range', () => {
    fc.assert(
      fc.property(anyRange, (range) => {
        expect(slotsWithin(slots, range)).toBe(slotOpens(own, opensOf(own, [range])).length);
      }),
    );
  });

  it('walks back over so many slots from an instant, to an open', () => {
    fc.assert(
      fc.property(anyOpen, fc.nat({ max: 9 }), (untilMs, count) => {
        const walked = slotOpens(own, new Set(opens.filter((at) => at < untilMs))).slice(-count);
        fc.pre(count > 0 && walked.length === count);
        const range = newestSlots(slots, untilMs, count);
        expect(range.fromMs).toBe(walked[0]);
        expect(range.untilMs).toBe(slots.closeOf(walked.at(-1) ?? NaN));
        expect(slotsWithin(slots, range)).toBe(count);
      }),
    );
  });

  it('keeps of a coverage exactly the slots of which each candle is covered', () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        const known = opensOf(own, ranges);
        const whole = [...known].filter((at) => partsOf(own, at).every((part) => known.has(part)));
        const { ranges: kept } = Coverage.of(ranges).wholeSlots(slots);
        expect(opensOf(own, kept)).toEqual(new Set(whole));
      }),
    );
  });

  it('finds in a coverage the newest slots of a walk that are not whole', () => {
    fc.assert(
      fc.property(anyRanges, anyOpen, fc.integer({ min: 1, max: 9 }), (ranges, untilMs, count) => {
        const whole = Coverage.of(ranges).wholeSlots(slots);
        const gap = whole.newestGap(newestSlots(slots, untilMs, count));
        let openMs = slots.ceil(untilMs);
        for (let left = count; left > 0 && isWhole(whole, slots, openMs); left -= 1) {
          openMs = slots.shift(openMs, -1);
        }
        const isAllWhole = openMs === newestSlots(slots, untilMs, count).fromMs;
        expect(gap?.untilMs).toBe(isAllWhole ? undefined : openMs);
      }),
    );
  });
});

describe('slots at the beginning of time', () => {
  it('reach back no further than the epoch', () => {
    const year = Timeframe.parse('1y');
    const range = newestSlots(year, Date.UTC(2025, 0), 200);
    expect(range).toEqual({ fromMs: BEGINNING_MS, untilMs: Date.UTC(2025, 0) });
    expect(slotsWithin(year, range)).toBe(55);
  });

  it('stay known from the beginning on, though no week opens at the epoch', () => {
    const week = Timeframe.parse('1w');
    const days = Coverage.of([{ fromMs: BEGINNING_MS, untilMs: Date.UTC(2025, 8, 3) }]);
    const weeks = { fromMs: BEGINNING_MS, untilMs: Date.UTC(2025, 8, 1) };
    expect(days.wholeSlots(week).ranges).toEqual([weeks]);
    const twoDays = Coverage.of([{ fromMs: BEGINNING_MS, untilMs: Date.UTC(1970, 0, 3) }]);
    expect(twoDays.wholeSlots(week).isEmpty).toBe(true);
  });
});

function world(step: string, slots: string, startMs: number, count: number): World {
  const timeframe = Timeframe.parse(step);
  const opens = Array.from({ length: count }, (_, index) => timeframe.shift(startMs, index));
  return { step: timeframe, slots: Timeframe.parse(slots), opens };
}

function opensOf({ opens }: World, ranges: readonly TimeRange[]): Set<number> {
  const isInside = (at: number) =>
    ranges.some(({ fromMs, untilMs }) => fromMs <= at && at < untilMs);
  return new Set(opens.filter(isInside));
}

/** The opens among the instants at which a slot opens, oldest first. */
function slotOpens({ slots }: World, opens: ReadonlySet<number>): number[] {
  return [...opens].filter((at) => slots.floor(at) === at);
}

/** Every candle of the slot in which the instant lies, also those beyond the world's ends. */
function partsOf({ step, slots }: World, at: number): number[] {
  const parts: number[] = [];
  for (let part = slots.floor(at); part < slots.closeOf(at); part = step.closeOf(part)) {
    parts.push(part);
  }
  return parts;
}

/** Whether the slot that ends at the instant is covered. */
function isWhole(coverage: Coverage, slots: Timeframe, closeMs: number): boolean {
  return coverage.contains({ fromMs: slots.shift(closeMs, -1), untilMs: closeMs });
}
