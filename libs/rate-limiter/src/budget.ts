/** A switch that stops calls: `closed` lets them pass, `open` none, `half-open` a single probe. */
export interface CircuitState {
  readonly state: 'closed' | 'open' | 'half-open';
  /** Why; missing while it is closed. */
  readonly reason?: string;
  /** Until when nothing is sent, epoch ms of the limiter's server; missing unless open. */
  readonly untilMs?: number;
}

/** Calls that a user's cap allows in a longer window. */
interface CapState {
  /** 0 = off. */
  readonly limit: number;
  readonly used: number;
}

/** Fewer slots than the limit, for a while: one more each step after a 429, up to all in a ramp after a block. */
export interface Reduction {
  readonly reason: 'rate-limited' | 'ramp';
  /** When all slots are used again, epoch ms of the limiter's server. */
  readonly untilMs: number;
}

/** The budget of one limit group at one moment. */
export interface GroupBudget {
  readonly group: string;
  /** Calls that any window of the exchange may hold. */
  readonly limit: number;
  /** How many of them are used at present. */
  readonly allowed: number;
  /** Why they are fewer than the limit; missing when they are not. */
  readonly reduced?: Reduction;
  /** Calls under way, or given up and perhaps still under way. */
  readonly inFlight: number;
  /** Slots that rest after an answer. */
  readonly resting: number;
  /** Slots held because the limiter's memory was lost, or its server's clock has jumped. */
  readonly held: number;
  /** Slots held because the exchange says that somebody else calls from this egress. */
  readonly foreign: number;
  /** Calls granted in the last 1,000 ms. */
  readonly usedInSecond: number;
  readonly perMinute: CapState;
  readonly perHour: CapState;
  /** Waiting takers by rank, the most urgent first. */
  readonly waiting: readonly number[];
  /** Stops this group while the exchange does not answer it; 429 opens it, too. */
  readonly breaker: CircuitState;
}

/** The budgets that one egress IP has at the exchange. */
export interface EgressBudget {
  readonly egressId: string;
  /** The limiter's server's time, epoch ms: all instants here are of its clock. */
  readonly nowMs: number;
  /** Stops every group of the egress after a block (418). */
  readonly circuit: CircuitState;
  /** Blocks in a row, each of which lasts longer when the exchange does not say how long; forgotten a day after the last. */
  readonly bans: number;
  readonly groups: readonly GroupBudget[];
}
