export { candleNeed, type CandleNeed, type Variable, VARIABLES } from './candle-needs';
