/** Base of every error that Candlekeep raises on purpose. `code` is stable; `message` says what happened, to what, and what to do. */
export abstract class CandlekeepError extends Error {
  /** Stable upper-snake name, mapped to an HTTP status at the edge. */
  abstract readonly code: string;
  /** True when the same call may succeed later without anyone changing anything. */
  abstract readonly retryable: boolean;
  /** When asking again can help at the earliest, ms from now, where that is known. */
  readonly retryAfterMs?: number;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A value from outside that no rule of the trade allows: a market code, a timeframe, a decimal. */
export class InvalidValue extends CandlekeepError {
  readonly code = 'INVALID_VALUE';
  readonly retryable = false;
}

/** Ends a `switch` over a union: the compiler refuses a case that was forgotten. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected case: ${JSON.stringify(value)}`);
}
