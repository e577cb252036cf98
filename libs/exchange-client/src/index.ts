export type { CandlePageQuery } from './candle-request';
export {
  ExchangeBanned,
  ExchangeError,
  ExchangeMalformed,
  ExchangeRateLimited,
  ExchangeRefused,
  ExchangeUnavailable,
  LimiterUnavailable,
  UnknownMarket,
} from './exchange-error';
export type { MarketList, MarketListQuery } from './market-list';
export type { CallLimiter } from './metered-calls';
export {
  type CandlePage,
  type LimitGroup,
  UpbitRestClient,
  type UpbitRestClientOptions,
} from './upbit-rest-client';
