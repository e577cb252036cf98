import { type CandleQuery, LATEST_MS, PAGE_ROWS } from '@candlekeep/candle-cache';
import type { Series } from '@candlekeep/market';

/** A question that somebody is expected to ask. */
export interface EarlyQuestion {
  readonly series: Series;
  /** Rows, 1 to 200. */
  readonly count: number;
  /** Slots between the end of the present candle and the end of the page: 0 for the newest rows, 1 for the newest closed ones. */
  readonly back: number;
  /** How old the newest row may be, ms. */
  readonly maxAgeMs: number;
}

/** The question as it is put to the cache at an instant (epoch ms), for nobody who waits. */
export function queryOf(
  { series, count, back, maxAgeMs }: EarlyQuestion,
  nowMs: number,
): CandleQuery {
  const { timeframe } = series;
  const beforeMs = back === 0 ? LATEST_MS : Math.max(0, timeframe.shift(nowMs, 1 - back));
  return {
    ...{ series, beforeMs, maxAgeMs, caller: 'preload' },
    count: Math.min(count, PAGE_ROWS),
    onlyIfCached: false,
  };
}
