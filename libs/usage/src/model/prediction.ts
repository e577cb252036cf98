import type { Series } from '@candlekeep/market';

/** What makes a question likely. */
export type PredictionReason =
  /** It comes at this place of a period of UTC time. */
  | { readonly kind: 'habit'; readonly everyMs: number }
  /** It comes this long after the same question before. */
  | { readonly kind: 'pace'; readonly everyMs: number }
  /** Its caller asks it after another one; the name of that one's series. */
  | { readonly kind: 'sequence'; readonly after: string };

/** A question that a caller will likely ask. */
export interface Prediction {
  readonly caller: string;
  readonly series: Series;
  readonly count: number;
  readonly back: number;
  readonly maxAgeMs: number;
  /** It comes in [fromMs, untilMs) in about 95 % of the cases, if it comes; epoch ms. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** That it comes at all, 0..1. */
  readonly probability: number;
  readonly reason: PredictionReason;
}
