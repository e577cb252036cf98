import { wholeSlotsOf } from './slot-range';
import { intersectRanges, isEmptyRange, type TimeRange } from './time-range';
import type { Timeframe } from './timeframe';

/**
 * The set of instants in which *every* existing candle of a series is known, named by the candles' opens.
 * Immutable; its ranges are sorted, non-empty and never touch, so equal sets have equal ranges.
 */
export class Coverage {
  static readonly EMPTY = new Coverage([]);

  private constructor(readonly ranges: readonly TimeRange[]) {}

  /** Normalises any ranges: empty ones vanish, overlapping and touching ones become one. */
  static of(ranges: Iterable<TimeRange>): Coverage {
    const sorted = [...ranges].filter((range) => !isEmptyRange(range));
    sorted.sort((a, b) => a.fromMs - b.fromMs);
    const merged: TimeRange[] = [];
    for (const { fromMs, untilMs } of sorted) {
      const last = merged.at(-1);
      if (last === undefined || fromMs > last.untilMs) merged.push({ fromMs, untilMs });
      else
        merged[merged.length - 1] = {
          fromMs: last.fromMs,
          untilMs: Math.max(last.untilMs, untilMs),
        };
    }
    return merged.length === 0 ? Coverage.EMPTY : new Coverage(merged);
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }

  union(other: Coverage): Coverage {
    return Coverage.of([...this.ranges, ...other.ranges]);
  }

  intersect(range: TimeRange): Coverage {
    return Coverage.of(this.ranges.map((own) => intersectRanges(own, range)));
  }

  subtract(other: Coverage): Coverage {
    return Coverage.of(this.ranges.flatMap((range) => other.gapsWithin(range)));
  }

  /** The parts of `range` that are not covered, oldest first. */
  gapsWithin(range: TimeRange): TimeRange[] {
    const gaps: TimeRange[] = [];
    let fromMs = range.fromMs;
    for (const own of this.ranges) {
      if (own.untilMs <= fromMs) continue;
      gaps.push({ fromMs, untilMs: Math.min(own.fromMs, range.untilMs) });
      fromMs = own.untilMs;
    }
    gaps.push({ fromMs, untilMs: range.untilMs });
    return gaps.filter((gap) => !isEmptyRange(gap));
  }

  /** The newest part of `range` that is not covered; undefined when all of it is. */
  newestGap(range: TimeRange): TimeRange | undefined {
    return this.gapsWithin(range).at(-1);
  }

  /**
   * Without the slots of a longer timeframe that are covered in part only: where its candles may be folded from this coverage.
   * Ranges are cut one by one, which is exact because they never touch.
   */
  wholeSlots(timeframe: Timeframe): Coverage {
    return Coverage.of(this.ranges.map((range) => wholeSlotsOf(timeframe, range)));
  }

  /** Whether every instant of `range` is covered; an empty range always is. */
  contains(range: TimeRange): boolean {
    return this.gapsWithin(range).length === 0;
  }

  /** The covered run that ends at or beyond `untilMs`, cut there; empty (`fromMs = untilMs`) when the instant before is unknown. */
  contiguousBackFrom(untilMs: number): TimeRange {
    const run = this.ranges.find((own) => own.fromMs < untilMs && own.untilMs >= untilMs);
    return { fromMs: run?.fromMs ?? untilMs, untilMs };
  }
}
