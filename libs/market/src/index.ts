export { assertNever, CandlekeepError, InvalidValue } from './candlekeep-error';
export { type Candle, type DailyChange, type Series, seriesName } from './candle';
export { Coverage } from './coverage';
export {
  AMOUNT_DIGITS,
  decimalText,
  divideRounded,
  RATE_DIGITS,
  scaledOf,
  textOfScaled,
} from './decimal';
export { fold } from './fold';
export { isoSeconds, parseIsoSeconds } from './instant';
export { isMarketCode, type MarketCode, parseMarketCode } from './market-code';
export { intersectRanges, isEmptyRange, type TimeRange } from './time-range';
export { Timeframe, type TimeframeKind } from './timeframe';
