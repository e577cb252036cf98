export type { LimitPolicy } from './limit-policy';
export { type PauseReason, type Permit, RateLimiter, type TakeOutcome } from './rate-limiter';
