export {
  CacheClockSetBack,
  assertToken,
  Deposed,
  findNewerToken,
  SERVED_INSTEAD,
  LoadTooSlow,
  mayBeAnsweredStale,
  NoProgress,
  NotCached,
  StoreTooSlow,
} from './cache-errors';
export type { CandleCacheParts } from './cache-parts';
export { CandleCache } from './candle-cache';
export {
  type AnswerSource,
  type CandleAnswer,
  type CandleQuery,
  LARGEST_QUERY_ROWS,
  LATEST_MS,
  PAGE_ROWS,
} from './candle-query';
export { CandleSource, type LoadDemand, type LoadOutcome, type LoadTarget } from './candle-source';
export {
  type Basis,
  CandleStore,
  type Correction,
  type Fence,
  type FinalPage,
  type ProvenPage,
  type PurgedSeries,
  type SavedPage,
  type StoredCandles,
  type StoredCoverage,
  type StoreQuery,
  type UnverifiedQuery,
  type UnverifiedStretch,
} from './candle-store';
export {
  CandleWindow,
  type PageOrigin,
  type WindowMetadata,
  type WindowQuery,
  type WindowSight,
  type WindowWish,
} from './candle-window';
export { confirmRevision } from './confirm-revision';
export { FailureLog } from './failure-log';
export { type Head, type KnownCandles } from './known-candles';
export {
  type ExchangePage,
  judgePage,
  type PageEvidence,
  type ReadInstant,
  readInstant,
  SETTLE_MS,
  sightOfNothing,
} from './page-evidence';
export {
  type EncodedAnswer,
  type EncodedBody,
  EncodedPages,
  type EncodedPagesParts,
  ownBody,
  type PageQuestion,
} from './pages/encoded-pages';
export {
  type WindowChange,
  WindowChanges,
  type WindowChangesAudience,
  type WindowChangesParts,
} from './pages/window-changes';
export { Patience } from './patience';
export { RangeReader, type RangeReaderParts } from './range/range-reader';
export type { RangePortion, RangeQuery } from './range/range-portion';
export { RedisCandleWindow, type RedisCandleWindowOptions } from './redis-candle-window';
export { checkWishes, LONGEST_WISH_MS } from './window-wish';
export { type TextAnswer, TextAnswerCache, type TextSight } from './text-answer-cache';
