import type { Candle, TimeRange } from '@candlekeep/market';
import type { CandleAnswer, CandleQuery } from '../candle-query';

/** A question for all candles that open in `[fromMs, untilMs)`; `untilMs` is `LATEST_MS` for "until now". */
export interface RangeQuery extends Omit<CandleQuery, 'beforeMs' | 'count'>, TimeRange {
  /** Ends the reading between two pages, with its reason as the error. */
  readonly signal?: AbortSignal | undefined;
}

/** A part of a range, right behind the one before it. The last one says how the whole stands. */
export interface RangePortion extends Omit<CandleAnswer, 'rows'> {
  /** Oldest first: every candle that opens before `untilMs` and was not in a portion before. */
  readonly rows: readonly Candle[];
  /** How far the range is known now, epoch ms. Of the last portion the range's end, or the end of the slot that was forming. */
  readonly untilMs: number;
}
