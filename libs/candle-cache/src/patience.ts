import type { Clock } from '@candlekeep/clock';

/** Below the 10 s after which common clients hang up, so that they learn why. */
const PATIENCE_MS = 8_000;

/** How long a caller waits in all, from the moment when this is made. */
export class Patience {
  private readonly untilMonotonicMs: number;

  /** @param totalMs default 8,000 */
  constructor(
    private readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>,
    readonly totalMs = PATIENCE_MS,
  ) {
    this.untilMonotonicMs = clock.monotonicMs() + totalMs;
  }

  /** What is left of it, ms; 0 when it is over. */
  get leftMs(): number {
    return Math.max(0, this.untilMonotonicMs - this.clock.monotonicMs());
  }

  /** Ends as the work does, but rejects with `late()` once the patience is over; the work then goes on for nobody. */
  async within<T>(work: Promise<T>, late: () => Error): Promise<T> {
    const ended = new AbortController();
    const deadline = this.clock.sleep(this.leftMs, ended.signal).then(() => {
      throw late();
    });
    try {
      return await Promise.race([work, deadline]);
    } finally {
      ended.abort();
    }
  }
}
