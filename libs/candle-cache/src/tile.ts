import type { Timeframe, TimeRange } from '@candlekeep/market';
import { PAGE_ROWS } from './candle-query';

/**
 * The aligned page that holds a slot: 200 slots, the same for everyone who needs any of them, so that equal needs make
 * equal calls. A page of 200 rows read at the tile's end always reaches its start.
 */
export function tileOf(timeframe: Timeframe, openMs: number): TimeRange {
  const tile = Math.floor(timeframe.slotOf(openMs) / PAGE_ROWS);
  return {
    fromMs: timeframe.openOf(tile * PAGE_ROWS),
    untilMs: timeframe.openOf((tile + 1) * PAGE_ROWS),
  };
}
