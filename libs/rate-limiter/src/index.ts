export type { LimitPolicy } from './limit-policy';
export {
  LimitPaused,
  type PauseReason,
  type Permit,
  RateLimiter,
  type TakeOutcome,
} from './rate-limiter';
