import type { CandleQuery } from '@candlekeep/candle-cache';
import type { Series, TimeRange } from '@candlekeep/market';
import type { CandleColumn } from '../candle-columns';
import type { Fill } from '../candle-slot';
import type { Format } from '../forms/body-forms';

/** How old an answer may be, whether it may be waited for, and who waits. */
export type Terms = Pick<
  CandleQuery,
  'maxAgeMs' | 'onlyIfCached' | 'maxStaleMs' | 'staleIfErrorMs' | 'caller'
>;

/** So many newest slots or candles that open before an instant. */
export interface NewestSpan {
  readonly kind: 'newest';
  readonly count: number;
  readonly beforeMs: number;
}

/** All that opens within a range. */
export interface RangeSpan extends TimeRange {
  readonly kind: 'range';
}

/** A question of our own API, understood. */
export interface NativeQuestion {
  readonly series: Series;
  /** Bounds are opens; `LATEST_MS` is "until now". */
  readonly span: NewestSpan | RangeSpan;
  /** Only candles that will not change. */
  readonly closed: boolean;
  readonly fill: Fill;
  readonly format: Format;
  readonly columns: readonly CandleColumn[];
  readonly numbers: 'text' | 'number';
}

export const LARGEST_COUNT = 10_000;
export const DEFAULT_COUNT = 200;
