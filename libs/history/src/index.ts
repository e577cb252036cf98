export { HistoryUnavailable } from './history-failure';
export { HistoryKeeper, type HistoryKeeperParts } from './history-keeper';
export { MAX_RUNNING_TASKS } from './history-limits';
export {
  type Difference,
  type HistoryCounts,
  type HistoryKind,
  type HistoryRequest,
  type HistoryState,
  type HistoryTask,
} from './history-task';
export { historyMigrations, migrateHistory } from './migrate-history';
export { oneRoundAtATime } from './one-round';
export { type PageQuestion, type PageRead, PageReader } from './page-reader';
export { Reconciler, type ReconcilerParts } from './reconciler';
export { type ReconciliationCounts, ReconciliationTotals } from './reconciliation-totals';
export { type HistoryStep, TaskBook, type TaskBookOptions } from './task-book';
export { TaskRunner, type TaskRunnerParts } from './task-runner';
