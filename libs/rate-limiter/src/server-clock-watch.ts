/** What the server's clock showed at some moment between two readings of the monotonic clock, all in ms. */
export interface ClockSample {
  readonly askedMs: number;
  readonly repliedMs: number;
  readonly serverMs: number;
}

/** Older samples say little: clocks run at slightly different speeds. */
const MEMORY_MS = 10_000;
/** Speeds differ by this much in that time; less than the margin of a rest. */
const TOLERANCE_MS = 6;
const MOST_SAMPLES = 256;

/**
 * Notices when the server's clock goes forward faster than time does. A reply is of a moment between asking and its arrival, so
 * what a sample shows ahead of the most that an earlier one allows is a jump; a slow reply is never taken for one.
 */
export class ServerClockWatch {
  private samples: { readonly repliedMs: number; readonly mostAheadMs: number }[] = [];

  /** Whether the server's clock has jumped forward since an earlier sample. What was known before a jump is forgotten. */
  isAhead({ askedMs, repliedMs, serverMs }: ClockSample): boolean {
    this.samples = this.samples.filter((sample) => sample.repliedMs > askedMs - MEMORY_MS);
    const leastAheadMs = serverMs - repliedMs;
    const hasJumped = this.samples.some(
      ({ mostAheadMs }) => leastAheadMs > mostAheadMs + TOLERANCE_MS,
    );
    if (hasJumped) this.samples = [];
    this.samples.push({ repliedMs, mostAheadMs: serverMs - askedMs });
    if (this.samples.length > MOST_SAMPLES) this.samples.shift();
    return hasJumped;
  }
}
