import type { Clock } from '@candlekeep/clock';
import type { Logger } from '@candlekeep/telemetry';
import type { CandleAnswer, CandleQuery } from './candle-query';
import type { CandleSource } from './candle-source';
import type { CandleStore } from './candle-store';
import type { CandleWindow } from './candle-window';
import { Journey } from './journey';

export interface CandleCacheParts {
  readonly window: CandleWindow;
  readonly store: CandleStore;
  readonly source: CandleSource;
  readonly clock: Clock;
  readonly log: Logger;
  /** How long a caller waits for the exchange in all, ms. Default 8,000. */
  readonly patienceMs?: number;
}

/** A question in, candles out: L1, then L2, then as few pages of the exchange as answer it. */
export class CandleCache {
  constructor(private readonly parts: CandleCacheParts) {}

  /** Answers as the exchange would, at most `maxAgeMs` ago. Rejects with the reason when it cannot; never with fewer rows. */
  async read(query: CandleQuery): Promise<CandleAnswer> {
    return await new Journey(query, this.parts).run();
  }
}
