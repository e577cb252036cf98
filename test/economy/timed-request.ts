import type { Series } from '@candlekeep/market';

/** A calculator's question at an instant: the newest `count` candles that open before `beforeMs`, at most `maxAgeMs` old. */
export interface TimedRequest {
  readonly atMs: number;
  readonly series: Series;
  readonly beforeMs: number;
  readonly count: number;
  readonly maxAgeMs: number;
}
