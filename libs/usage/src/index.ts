export { migrateUsage, usageMigrations } from './migrate-usage';
export type { FollowerPattern, HabitPattern, SeriesPattern, UsagePatterns } from './model/patterns';
export type { Prediction, PredictionReason } from './model/prediction';
export type { SeriesWorth } from './model/series-worth';
export {
  type ModelOptions,
  type ModelRow,
  type PredictionWindow,
  UsageModel,
} from './model/usage-model';
export { type LearnedUsage, UsageBook, type UsageBookOptions } from './usage-book';
export { UsageUnavailable } from './usage-failure';
export type { UsageNote } from './usage-note';
export type { UsageQuestion } from './usage-question';
export { type UsageReading, UsageReader, type UsageReaderParts } from './usage-reader';
export { KEPT_NOTES, UsageRecorder, type UsageRecorderParts } from './usage-recorder';
export { modelOf } from './model-of';
