import type { Clock } from '@candlekeep/clock';
import type { Logger } from '@candlekeep/telemetry';
import type { CandleAnswer, CandleQuery } from './candle-query';
import type { CandleSource } from './candle-source';
import type { CandleStore } from './candle-store';
import type { CandleWindow } from './candle-window';
import { FailureLog } from './failure-log';
import { Journey } from './journey';

export interface CandleCacheParts {
  readonly window: CandleWindow;
  readonly store: CandleStore;
  readonly source: CandleSource;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long a caller waits for the exchange in all, ms. Default 8,000. */
  readonly patienceMs?: number;
  /** Takes what is left to do once an answer stands: rows of L2 are put into L1. It never rejects. Default: the caller waits for it. */
  readonly afterwards?: (work: Promise<void>) => void;
  /** Where it is written down what callers were spared. Default: a log of its own. */
  readonly failures?: FailureLog;
}

/** What one query's way takes. */
export interface JourneyParts extends CandleCacheParts {
  /** Of all queries. */
  readonly failures: FailureLog;
}

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
