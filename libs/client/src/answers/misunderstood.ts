import { CandlekeepRequestFailed } from '../request-failed';

/** An answer that came and cannot be read; `what` says why. */
export function misunderstood(what: string): CandlekeepRequestFailed {
  return new CandlekeepRequestFailed(
    `the gateway's answer cannot be understood: ${what}; is it a Candlekeep of the same version?`,
    { status: 200 },
  );
}
