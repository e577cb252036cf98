export type { CircuitState, EgressBudget, GroupBudget, Reduction } from './budget';
export { type Demand, steadyDemand } from './demand';
export { type Ask, GroupScripts } from './group-scripts';
export type { LimitPolicy } from './limit-policy';
export type { Outcome } from './outcome';
export { type CallEnding, type DenialReason, NoPermit, type Permit } from './permit';
export { RateLimiter } from './rate-limiter';
export { readBudgets } from './read-budgets';
