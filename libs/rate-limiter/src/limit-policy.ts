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
  /** How late the exchange may stamp an arrival, ms. Default 50: it was seen to be 25 to 50 ms late when busy. */
  readonly marginMs?: number;
  /** How long a permit whose call is never heard of again holds its slot, ms. Default: 5,000 for the call + one rest. */
  readonly leaseMs?: number;
}

/** A policy with every default filled in and checked. */
export interface CheckedPolicy extends Required<LimitPolicy> {
  /** How long a slot rests after its call: `windowMs + marginMs`. */
  readonly restMs: number;
  /** How long a call may take, from the asking for its permit to the last byte of its answer: `leaseMs - restMs`. */
  readonly callMs: number;
}

const CALL_MS = 5_000;
/** The scripts take a score further ahead than this for a clock that was set back. */
const LONGEST_LEASE_MS = 60_000;

/** Fills in the defaults. Throws `RangeError` for a policy that could not keep its promise. */
export function checkPolicy(policy: LimitPolicy): CheckedPolicy {
  const { limit = 10, windowMs = 1_000, marginMs = 50 } = policy;
  const restMs = windowMs + marginMs;
  const leaseMs = policy.leaseMs ?? CALL_MS + restMs;
  const checked = {
    ...policy,
    limit,
    windowMs,
    marginMs,
    leaseMs,
    restMs,
    callMs: leaseMs - restMs,
  };
  requireWhole(checked, ['limit', 'windowMs', 'callMs'], 1);
  requireWhole(checked, ['marginMs'], 0);
  if (leaseMs > LONGEST_LEASE_MS) {
    throw new RangeError(
      `limit policy of ${policy.group}: leaseMs is ${leaseMs}, set it to at most ${LONGEST_LEASE_MS}`,
    );
  }
  return checked;
}

function requireWhole(
  policy: CheckedPolicy,
  names: readonly ('limit' | 'windowMs' | 'marginMs' | 'callMs')[],
  least: number,
): void {
  for (const name of names) {
    if (Number.isInteger(policy[name]) && policy[name] >= least) continue;
    const origin = name === 'callMs' ? ' (leaseMs - windowMs - marginMs)' : '';
    throw new RangeError(
      `limit policy of ${policy.group}: ${name}${origin} is ${policy[name]}, set a whole number of at least ${least}`,
    );
  }
}
