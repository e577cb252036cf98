export type { Candle, CallerClass, DailyChange } from '@candlekeep/market';
export {
  type AnswerFacts,
  type CandlePage,
  type CandleSlot,
  type EmptySlot,
  type Fill,
  type RowsByFill,
  type ShortHistory,
} from './answers/candle-page';
export {
  type CallLimits,
  type CandleRequest,
  type ColumnRequest,
  type SeriesName,
} from './answers/candle-request';
export { type ColumnName, type ColumnPage, type PlainColumnName } from './answers/column-page';
export { type Market } from './answers/markets';
export { CandlekeepClient } from './candlekeep-client';
export { type CandlekeepClientOptions } from './client-options';
export { type RangeRequest } from './range/range-reader';
export { CandlekeepRequestFailed, type FieldProblem, type Problem } from './request-failed';
export { type CandleEvent, type GapEvent } from './stream/candle-event';
export { type Subscription, type SubscriptionHandlers } from './stream/subscription';
