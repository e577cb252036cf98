export type { CallTerms } from './call-terms';
export type { CandlePageQuery } from './candle-request';
export {
  ExchangeBanned,
  ExchangeError,
  ExchangeMalformed,
  ExchangePaused,
  ExchangeRateLimited,
  ExchangeRefused,
  ExchangeUnavailable,
  LimiterUnavailable,
  StreamRefused,
  UnknownMarket,
} from './exchange-error';
export type { ForwardQuery } from './forward-request';
export { byLimitGroup, type LimitGroup } from './limit-group';
export type { MarketList, MarketListQuery } from './market-list';
export type { CallLimiter, EndedCall } from './metered-calls';
export { reconnectDelayMs } from './reconnect-delay';
export { type FrameOutcome, readStreamFrame } from './read-stream-frame';
export type {
  CandleFrame,
  OrderBookFrame,
  StreamFrame,
  TickerFrame,
  TradeFrame,
} from './stream-frame';
export { type AskedSeries, askedSeries, type StreamSubscription } from './stream-request';
export {
  type CallFacts,
  type CandlePage,
  type ExchangeTime,
  type ForwardedAnswer,
  UpbitRestClient,
  type UpbitRestClientOptions,
} from './upbit-rest-client';
export type { StreamCounts, StreamState } from './stream-session';
export {
  type OpenStream,
  type StreamQuery,
  UpbitStream,
  type UpbitStreamOptions,
} from './upbit-stream';
