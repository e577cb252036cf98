/** One budget: calls of one limit group from one egress IP. */
export interface LimitPolicy {
  /** Names the egress IP whose budget is spent. All who send from that IP must use the same name. */
  readonly egressId: string;
  /** The exchange's own name of the limit group: `candles`, `market`. */
  readonly group: string;
  /** Calls that any window may hold. Default 10. */
  readonly limit?: number;
  /** Length of the exchange's window, ms. Default 1,000. */
  readonly windowMs?: number;
  /** Rest beyond the window after an answer, ms, for clocks that run at different speeds. Default 10. */
  readonly marginMs?: number;
  /** How late the exchange may stamp a call that it did not answer, ms. Default 50: it was seen to be 25 to 50 ms late when busy. */
  readonly lateMs?: number;
  /** How long a permit whose call is never heard of again holds its slot, ms. Default: 5,000 for the call + the window + `lateMs`. */
  readonly leaseMs?: number;
  /** The user's own cap, calls in any minute. Default 0: none. */
  readonly perMinute?: number;
  /** The user's own cap, calls in any hour. Default 0: none. */
  readonly perHour?: number;
}

/** A policy with every default filled in and checked. */
export interface CheckedPolicy extends Required<LimitPolicy> {
  /** How long a slot rests after the answer of its call: `windowMs + marginMs`. */
  readonly restMs: number;
  /** How long a call may take, from the asking for its permit to the last byte of its answer. */
  readonly callMs: number;
}

const CALL_MS = 5_000;
/** The scripts take a score further ahead than this for a clock that was set back. */
const LONGEST_LEASE_MS = 60_000;

/** Fills in the defaults. Throws `RangeError` for a policy that could not keep its promise. */
export function checkPolicy(policy: LimitPolicy): CheckedPolicy {
  const { limit = 10, windowMs = 1_000, marginMs = 10, lateMs = 50 } = policy;
  const { perMinute = 0, perHour = 0 } = policy;
  const leaseMs = policy.leaseMs ?? CALL_MS + windowMs + lateMs;
  const checked = {
    ...policy,
    ...{ limit, windowMs, marginMs, lateMs, leaseMs, perMinute, perHour },
    restMs: windowMs + marginMs,
    callMs: leaseMs - windowMs - lateMs,
  };
  requireWhole(checked, ['limit', 'windowMs', 'callMs'], 1);
  requireWhole(checked, ['marginMs', 'lateMs', 'perMinute', 'perHour'], 0);
  if (leaseMs > LONGEST_LEASE_MS) {
    throw new RangeError(
      `limit policy of ${policy.group}: leaseMs is ${leaseMs}, set it to at most ${LONGEST_LEASE_MS}`,
    );
  }
  return checked;
}

type Figure = 'limit' | 'windowMs' | 'marginMs' | 'lateMs' | 'callMs' | 'perMinute' | 'perHour';

function requireWhole(policy: CheckedPolicy, names: readonly Figure[], least: number): void {
  for (const name of names) {
    if (Number.isInteger(policy[name]) && policy[name] >= least) continue;
    const origin = name === 'callMs' ? ' (leaseMs - windowMs - lateMs)' : '';
    throw new RangeError(
      `limit policy of ${policy.group}: ${name}${origin} is ${policy[name]}, set a whole number of at least ${least}`,
    );
  }
}
