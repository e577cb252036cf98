import type { RangePortion } from '@candlekeep/candle-cache';
import type { BodyMeta, Shortness } from '../forms/body-form';
import { countFinals } from './newest-slots';
import type { SlotPortion } from './range-slots';

type Origin = Omit<RangePortion, 'rows' | 'untilMs' | 'finalUntilMs'>;

/** What can be said of a range once all of it has gone by. */
export class SlotTally {
  private last: Origin;
  private finals = 0;

  /** @param nowMs as of when a range is that holds nothing */
  constructor(nowMs: number) {
    const fresh = { ageMs: 0, staleMs: 0, insteadOfError: false };
    this.last = { source: 'l1', collapsed: false, asOfMs: nowMs, ...fresh };
  }

  add({ slots, portion }: SlotPortion): void {
    this.finals += countFinals(slots, portion.finalUntilMs);
    this.last = portion;
  }

  get origin(): Origin {
    const { source, collapsed, asOfMs, ageMs, staleMs, insteadOfError } = this.last;
    return { source, collapsed, asOfMs, ageMs, staleMs, insteadOfError };
  }

  meta(short: Shortness | null = null): BodyMeta {
    const { asOfMs, source, staleMs } = this.last;
    return { asOfMs, finalCount: this.finals, short, source, staleMs };
  }
}
