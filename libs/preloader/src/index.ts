export { PreloadBudget } from './budget/preload-budget';
export {
  type ActiveNeed,
  type ActiveNeeds,
  ActiveNeedsReader,
  needsOf,
} from './foresight/active-needs';
export type { Ask, Expected, ForesightSource } from './foresight/ask';
export { Foreseer, type ForeseerOptions } from './foresight/foreseer';
export { PreloadOwner, type PreloadOwnerParts } from './owner/preload-owner';
export { LEAD_MS } from './owner/preload-schedules';
export { windowWishes } from './owner/window-wishes';
export { type PreloadPlan, readPlan, writePlan } from './plan/preload-plan';
export { RESERVES } from './budget/reserves';
export { Rounds, type RoundsParts } from './rounds/rounds';
export { migratePreloads, preloadMigrations } from './runs/migrate-preloads';
export type { PreloadRun, RunState } from './runs/preload-run';
export { RunBook } from './runs/run-book';
export { type OnProgress, RunRunner, type RunRunnerParts } from './runs/run-runner';
export { type EarlyQuestion, queryOf } from './warm/early-question';
export {
  Warmer,
  type WarmDepth,
  type Warmed,
  type WarmerParts,
  type DepthTerms,
  type WarmTerms,
} from './warm/warmer';
