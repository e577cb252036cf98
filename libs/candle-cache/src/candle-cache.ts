import type { CandleCacheParts, JourneyParts } from './cache-parts';
import type { CandleAnswer, CandleQuery } from './candle-query';
import { FailureLog } from './failure-log';
import { Journey } from './journey';

/** A question in, candles out: L1, then L2, then as few pages of the exchange as answer it. */
export class CandleCache {
  private readonly parts: JourneyParts;

  constructor(parts: CandleCacheParts) {
    this.parts = { ...parts, failures: parts.failures ?? new FailureLog(parts) };
  }

  /**
   * Answers as the exchange would, at most `maxAgeMs` ago, or with an older answer that the caller takes, labelled. Rejects with the
   * reason when it cannot; never with fewer rows.
   */
  async read(query: CandleQuery): Promise<CandleAnswer> {
    this.parts.failures.settle();
    return await new Journey(query, this.parts).run();
  }
}
