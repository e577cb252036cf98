import type { Logger } from '@candlekeep/telemetry';

/** L2 is away, or not: one line when that begins and one when it ends, however many heads are kept without it meanwhile. */
export class StoreOutage {
  private heads = 0;

  constructor(private readonly log: Logger) {}

  /** L2 did not take a head; it goes into L1 alone. */
  begins(reason: Error): void {
    if (this.heads === 0) {
      this.log.error('L2 is away: until it is back, only newest rows are kept, in L1', {
        error: reason,
      });
    }
    this.heads += 1;
  }

  /** L2 has answered. */
  ends(): void {
    if (this.heads === 0) return;
    this.log.info('L2 is back', { headsKeptInL1Alone: this.heads });
    this.heads = 0;
  }
}
