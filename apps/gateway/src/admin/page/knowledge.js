/** How a slot came to be known, or that it is not; `colour` is one of the style sheet's. */
export const ORIGINS = {
  verified: { name: 'confirmed by the exchange', colour: 'verified' },
  native: { name: 'read from the exchange early', colour: 'native' },
  folded: { name: 'folded from minutes', colour: 'folded' },
  streamed: { name: 'closed by its stream', colour: 'streamed' },
  unknown: { name: 'unknown', colour: 'unknown' },
  forming: { name: 'forming', colour: 'amber' },
};

const NOTHING = { ranges: [], verified: [], folded: [], streamed: [] };

/** What is stored of one series, as `GET /api/coverage` tells it: how each of its slots came to be known. */
export class Knowledge {
  constructor(series = NOTHING) {
    this.series = series;
  }

  /** One of {@link ORIGINS}, by the open of a slot. */
  originOf(openMs) {
    const { ranges, verified, folded, streamed } = this.series;
    if (!holds(ranges, openMs)) return 'unknown';
    if (holds(verified, openMs)) return 'verified';
    if (holds(folded, openMs)) return 'folded';
    return holds(streamed, openMs) ? 'streamed' : 'native';
  }

  /** Since when something is known; undefined when nothing is, 0 when history is known from its beginning. */
  get sinceMs() {
    return this.series.ranges[0]?.fromMs;
  }
}

/** Ranges are in order and do not touch: a binary search. */
function holds(ranges, openMs) {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle].untilMs <= openMs) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length && ranges[low].fromMs <= openMs;
}
