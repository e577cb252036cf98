export { type CandlePage, type PageBasis, savablePage } from './candle-page';
export { Deposed, type Fence } from './fence';
export { slotsFoldedFrom, slotsInDoubt, type TimeframeSlots } from './folded-from';
export {
  type Correction,
  mergePage,
  type PageMerge,
  slotsOf,
  type StoredCandle,
  type StoredStretch,
} from './merge-page';
export { compressOldChunks } from './compress-old-chunks';
export { candleMigrations, migrateCandleStore } from './migrate-candle-store';
export { type CandleTable, readCandleTable, type TimescaleJob } from './candle-table';
export { doubtRange } from './find-unverified';
export { PostgresCandleStore } from './postgres-candle-store';
export type { SavedPage } from './save-page';
export type { StoredKnowledge } from './read-knowledge';
export { retainedFromMs, SECONDS_KEPT_MS } from './retention';
export {
  NOTHING_KNOWN,
  type SeriesKnowledge,
  VERIFIED_AFTER_MS,
  withoutDoubtful,
} from './series-knowledge';
export { movedBasis, outdatedPage, StaleBasis } from './stale-basis';
export { CandleStoreUnavailable } from './store-failure';
export { doubtBefore, rangeOfRows } from './stored-stretch';
