export { candleNeed, completePeriods } from './candle-need';
export { type CandleNeed, PERIOD_NAMES, type PeriodName, type Periods } from './history-rules';
export { assertStartUpError, START_UP_ERROR } from './start-up';
export { type NamedVariable, titleOf } from './variable-title';
export {
  isVariable,
  type PeriodRange,
  periodsOf,
  type Variable,
  VARIABLE_RULES,
  type VariableRule,
  VARIABLES,
} from './variables';
