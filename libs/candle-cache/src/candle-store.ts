import type { Candle, Coverage, Series, TimeRange } from '@candlekeep/market';

/** The closed candles that a store knows, of one moment. */
export interface StoredCandles {
  /** Newest first, all inside `coverage`. */
  readonly rows: readonly Candle[];
  /** The series' whole coverage. */
  readonly coverage: Coverage;
}

/** Final rows (oldest first) and the range of opens in which they are all there is. */
export interface FinalPage {
  readonly series: Series;
  readonly rows: readonly Candle[];
  readonly covered: TimeRange;
}

/**
 * L2: final candles, kept for good. The law: `read` is of one moment; `save` stores rows and coverage together or not at
 * all, and the same page twice changes nothing; a row never stands outside the coverage.
 */
export abstract class CandleStore {
  /** The newest `limit` rows that open before `beforeMs`, and the series' coverage. */
  abstract read(
    series: Series,
    query: { readonly beforeMs: number; readonly limit: number },
  ): Promise<StoredCandles>;

  /** Stores a page; a final row that the exchange now shows differently is corrected and counted. */
  abstract save(
    page: FinalPage,
  ): Promise<{ readonly inserted: number; readonly corrected: number }>;
}
