export { analyseStrategy, NEED_MARGIN } from './needs/analyse-strategy';
export { mergeNeeds, type NeedReason, type SeriesNeed } from './needs/series-need';
export { parseStrategy } from './reading/parse-strategy';
export { strategySchema } from './reading/strategy-schema';
export {
  type Condition,
  type Operator,
  OPERATORS,
  type PeriodWish,
  type Rule,
  type Strategy,
  type VariableUse,
} from './strategy';
export { type StrategyProblem, StrategyRefused } from './strategy-refused';
export { StrategiesUnavailable } from './book/book-failure';
export { migrateStrategies, strategyMigrations } from './book/migrate-strategies';
export { StrategyBook, type StrategyBookOptions } from './book/strategy-book';
export {
  readStrategyFolder,
  type StrategyFile,
  StrategyFolderUnreadable,
} from './book/strategy-folder';
export type { ListedStrategy, StoredStrategy, UnreadableStrategy } from './book/strategy-row';
export { useSchema as variableUseSchema } from './reading/variable-schemas';
