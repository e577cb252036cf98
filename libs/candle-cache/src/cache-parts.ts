import type { Clock } from '@candlekeep/clock';
import type { Logger } from '@candlekeep/telemetry';
import type { CandleSource } from './candle-source';
import type { CandleStore } from './candle-store';
import type { CandleWindow } from './candle-window';
import type { FailureLog } from './failure-log';

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
