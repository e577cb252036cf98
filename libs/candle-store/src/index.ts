export { assertSavable, type CandlePage } from './candle-page';
export { migrateCandleStore } from './migrate-candle-store';
export { PostgresCandleStore } from './postgres-candle-store';
export { CandleStoreUnavailable } from './store-failure';
