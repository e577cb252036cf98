/** The right to send one call, now. Instants are of the taker's own monotonic clock, ms. */
export interface Permit {
  readonly token: string;
  /** Send strictly before this instant, or release the permit unused: what stops the calls may have come in between. */
  readonly sendBeforeMonotonicMs: number;
  /** Give the call up (reset its connection) at this instant when it has no whole answer yet. */
  readonly answerBeforeMonotonicMs: number;
}

/** How a permit's call ended. */
export type CallEnding =
  /** The exchange answered, if only to decline. `remainingInSecond`: calls that it still allows in its second, when it said so. */
  | { readonly kind: 'answered'; readonly remainingInSecond?: number }
  /** No use can be made of the answer (5xx, a page for people), or the connection broke: the call is not under way any more. */
  | { readonly kind: 'failed' }
  /** 429. */
  | { readonly kind: 'rate-limited' }
  /** 418. `statedMs`: for how long, when the exchange said so. */
  | { readonly kind: 'banned'; readonly statedMs?: number }
  /** It was not sent, and will not be. */
  | { readonly kind: 'unused' }
  /** Its time was over: given up while it may be under way. */
  | { readonly kind: 'timed-out' }
  /** Nobody wanted the answer any more: given up while it may be under way. */
  | { readonly kind: 'left' };

/** Why nothing is granted, or not yet. */
export const DENIAL_REASONS = [
  /** A 429: the group pauses. */
  'rate-limited',
  /** A 418: the exchange blocks this egress. */
  'banned',
  /** The exchange does not answer. */
  'unavailable',
  /** The user's own cap of a minute or an hour is used up. */
  'capped',
  /** Other calls use the budget. */
  'busy',
  /** The limiter's server was started anew, or has lost its keys. */
  'memory-lost',
  /** The clock of the limiter's server has jumped. */
  'clock-jumped',
] as const;

export type DenialReason = (typeof DENIAL_REASONS)[number];

/** The demand cannot be met in its time. */
export class NoPermit extends Error {
  override readonly name = 'NoPermit';
  readonly code = 'NO_PERMIT';
  readonly retryable = true;

  constructor(
    readonly reason: DenialReason,
    /** When asking again can help at the earliest, ms. */
    readonly retryAfterMs: number,
  ) {
    super(`no call is granted in time (${reason}); ask again in ${Math.ceil(retryAfterMs)} ms`);
  }
}
