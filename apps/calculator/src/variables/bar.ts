import type { Candle } from '@candlekeep/market';

/** What indicators look at of a candle. Floats, for they are computed in floats; the candle itself keeps its exact text. */
export interface Bar {
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** In the base currency. */
  readonly volume: number;
}

export function barOf({ high, low, close, volume }: Pick<Candle, keyof Bar>): Bar {
  return {
    ...{ high: Number(high), low: Number(low) },
    ...{ close: Number(close), volume: Number(volume) },
  };
}
