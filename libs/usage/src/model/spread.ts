/** Samples kept of one distance: enough for a window of 95 %, few enough to follow a change within 16 arrivals. */
const SPREAD_SAMPLES = 16;
/** No window is narrower to either side than this: the clocks and the way of a note are not better. */
const LEAST_HALF_MS = 50;
/** Arrivals so near to a narrow window belong to it, ms. */
const LEAST_SLACK_MS = 500;

/** Where arrivals lie around the instant at which they are expected: the newest distances, ms. */
export class Spread {
  private readonly samples: number[];
  private low = 0;
  private high = 0;
  private middle = 0;
  private isMeasured = false;

  /** Nothing farther than `toleranceMs` from the middle belongs here. */
  constructor(
    samples: readonly number[],
    private readonly toleranceMs: number,
  ) {
    this.samples = samples.slice(-SPREAD_SAMPLES);
  }

  /** Earliest likely distance, ms. */
  get lowMs(): number {
    this.measure();
    return this.low;
  }

  /** Latest likely distance, ms. */
  get highMs(): number {
    this.measure();
    return this.high;
  }

  /** Median distance, ms. */
  get middleMs(): number {
    this.measure();
    return this.middle;
  }

  get kept(): readonly number[] {
    return this.samples;
  }

  add(distanceMs: number): void {
    this.samples.push(Math.round(distanceMs));
    if (this.samples.length > SPREAD_SAMPLES) this.samples.shift();
    this.isMeasured = false;
  }

  /** How far from the window an arrival may lie that belongs here. Few samples say little: then the tolerance decides. */
  private get slackMs(): number {
    return this.samples.length < 5 ? Infinity : Math.max(this.highMs - this.lowMs, LEAST_SLACK_MS);
  }

  /** Length of the stretch whose arrivals belong here, ms. */
  get acceptedMs(): number {
    const { slackMs } = this;
    return Math.min(2 * this.toleranceMs, this.highMs - this.lowMs + 2 * slackMs);
  }

  accepts(distanceMs: number): boolean {
    if (Math.abs(distanceMs - this.middleMs) > this.toleranceMs) return false;
    const { slackMs } = this;
    return distanceMs >= this.low - slackMs && distanceMs <= this.high + slackMs;
  }

  /**
   * The range of n samples holds the next one in (n-1)/(n+1) of the cases, whatever the distribution. Widened towards 95 %,
   * for even, normal and one-sided exponential jitter alike. Done when somebody looks: most followers are only counted.
   */
  private measure(): void {
    if (this.isMeasured) return;
    this.isMeasured = true;
    const sorted = Float64Array.from(this.samples).sort();
    const first = sorted[0] ?? 0;
    const last = sorted[sorted.length - 1] ?? 0;
    this.middle = sorted[sorted.length >> 1] ?? 0;
    const others = Math.max(1, sorted.length - 1);
    const extraMs = ((last - first) * (2 + 5 / others)) / others;
    const { middle, toleranceMs } = this;
    const least = middle - toleranceMs;
    const most = middle + toleranceMs;
    this.low = Math.floor(Math.max(least, Math.min(first - extraMs, middle - LEAST_HALF_MS)));
    this.high = Math.ceil(Math.min(most, Math.max(last + extraMs, middle + LEAST_HALF_MS)));
  }
}
