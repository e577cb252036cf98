export { assertNever, CandlekeepError, InvalidValue } from './candlekeep-error';
export { type Candle, type DailyChange, type Provenance, type Series, seriesName } from './candle';
export { Coverage } from './coverage';
export {
  AMOUNT_DIGITS,
  decimalText,
  divideRounded,
  RATE_DIGITS,
  scaledOf,
  textOfScaled,
} from './decimal';
export { dailyChange, fold, foldInto } from './fold';
export { foldSourcesOf } from './fold-sources';
export { isoSeconds, parseIsoSeconds } from './instant';
export { CALLER_CLASSES, type CallerClass, type Lane, laneRank, LANES } from './lane';
export { isMarketCode, type MarketCode, parseMarketCode } from './market-code';
export { BEGINNING_MS, newestSlots, slotsWithin } from './slot-range';
export { isEmptyRange, type TimeRange } from './time-range';
export { Timeframe, type TimeframeKind } from './timeframe';
