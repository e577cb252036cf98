import type { Demand } from '@candlekeep/rate-limiter';

/** On what terms a call is made. */
export interface CallTerms {
  /** Ends the wait for a permit and for an answer. */
  readonly signal: AbortSignal;
  /** How urgent the call is, and until when its answer is of use: a call that cannot be granted by then is not made. */
  readonly demand: Demand;
}
