import { ManualClock } from '@candlekeep/clock';

/** Instead of waiting, time leaps. */
export class LeapingClock extends ManualClock {
  override async sleep(ms: number): Promise<void> {
    await this.advance(ms);
  }
}
