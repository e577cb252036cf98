import { CandlekeepRequestFailed } from '../request-failed';
import { isLostConnection } from '../transport/failures';

/** Too many ask, or a part is away: the only answers that asking again can better. */
const WORTH_REPEATING = new Set([429, 503]);
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
/** Whoever was told the same instant comes back spread over so long, ms. */
const SPREAD_MS = 250;

/**
 * How long to wait before a question is asked again, ms; undefined where that is of no use. By `Retry-After`, else twice as long each
 * time: 100 ms, 200 ms … 5 s, of which a part, up to half, is left out.
 * `repeated`: how often it was asked again already. `share`, in [0, 1): one number for all questions of a client, so that clients who
 * failed together come back apart, and the questions of one of them together, in one batch.
 */
export function waitBeforeRepeat(
  error: unknown,
  repeated: number,
  share: number,
): number | undefined {
  if (!(error instanceof CandlekeepRequestFailed)) return undefined;
  const isWorthIt =
    error.status === undefined ? isLostConnection(error.cause) : WORTH_REPEATING.has(error.status);
  if (!isWorthIt) return undefined;
  if (error.retryAfterMs !== undefined) return error.retryAfterMs + share * SPREAD_MS;
  return Math.min(FIRST_WAIT_MS * 2 ** repeated, LONGEST_WAIT_MS) * (1 - share / 2);
}
