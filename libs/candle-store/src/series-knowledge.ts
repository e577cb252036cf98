import { Coverage } from '@candlekeep/market';

/** What is known of one series. Folded, streamed and verified ranges are parts of `ranges` and never meet. */
export interface SeriesKnowledge {
  /** Opens of which every existing candle is stored. */
  readonly ranges: Coverage;
  /** Made from candles of a shorter timeframe. */
  readonly folded: Coverage;
  /** Shown by the exchange's stream only. */
  readonly streamed: Coverage;
  /** Read from the exchange {@link VERIFIED_AFTER_MS} after the close or later. */
  readonly verified: Coverage;
}

/** 10 minutes: a read this long after a candle's close is beyond doubt. The latest late tick on record came 21 s after the close. */
export const VERIFIED_AFTER_MS = 600_000;

export const NOTHING_KNOWN: SeriesKnowledge = {
  ranges: Coverage.EMPTY,
  folded: Coverage.EMPTY,
  streamed: Coverage.EMPTY,
  verified: Coverage.EMPTY,
};

/** Knowledge after the unverified part of `slots` was taken away, and that part; empty when there was none. */
export function withoutDoubtful(
  known: SeriesKnowledge,
  slots: Coverage,
): { readonly known: SeriesKnowledge; readonly gone: Coverage } {
  const held = Coverage.of(slots.ranges.flatMap((slot) => known.ranges.intersect(slot).ranges));
  const gone = held.subtract(known.verified);
  const rest = {
    ranges: known.ranges.subtract(gone),
    folded: known.folded.subtract(gone),
    streamed: known.streamed.subtract(gone),
  };
  return { known: { ...known, ...rest }, gone };
}

/** Whether `openMs` lies in `coverage`. */
export function includesOpen(coverage: Coverage, openMs: number): boolean {
  return coverage.contains({ fromMs: openMs, untilMs: openMs + 1 });
}

export function isSameKnowledge(a: SeriesKnowledge, b: SeriesKnowledge): boolean {
  return (
    isSameCoverage(a.ranges, b.ranges) &&
    isSameCoverage(a.folded, b.folded) &&
    isSameCoverage(a.streamed, b.streamed) &&
    isSameCoverage(a.verified, b.verified)
  );
}

function isSameCoverage(a: Coverage, b: Coverage): boolean {
  return (
    a.ranges.length === b.ranges.length &&
    a.ranges.every((range, i) => {
      const other = b.ranges[i];
      return range.fromMs === other?.fromMs && range.untilMs === other.untilMs;
    })
  );
}
