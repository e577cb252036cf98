import { type CandleQuery, LATEST_MS } from '@candlekeep/candle-cache';
import type { Timeframe } from '@candlekeep/market';
import type { UsageRecorder } from '@candlekeep/usage';
import type { QueueTime } from './queue-time';

/**
 * Tells the learner which candles are asked for, and by whom. How far back they are is counted by the clock that dates the notes: by
 * its own, a gateway that is two seconds behind would call the newest closed candles the forming ones for as long after each close.
 */
export class CandleUsage {
  constructor(
    private readonly recorder: Pick<UsageRecorder, 'note'>,
    private readonly time: Pick<QueueTime, 'nowMs'>,
  ) {}

  /** Notes a question that was understood and is of a market that may exist. Waits for nothing, never throws. */
  note(caller: string, { series, beforeMs, count, maxAgeMs }: CandleQuery): void {
    const back = slotsBack(series.timeframe, beforeMs, this.time.nowMs());
    this.recorder.note({ caller, series, count, back, maxAgeMs });
  }
}

/**
 * Slots between the end of the present slot and the page's end, so that a caller who always asks for the newest closed candles always
 * asks the same: 1. Pages that end later are the newest.
 */
function slotsBack(timeframe: Timeframe, beforeMs: number, nowMs: number): number {
  if (beforeMs >= LATEST_MS) return 0;
  return Math.max(0, timeframe.slotOf(nowMs) + 1 - timeframe.slotOf(beforeMs));
}
