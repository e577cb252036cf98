import type { MarketListCache } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import type { FetchRequester } from '@candlekeep/jobs';
import { CandlekeepError } from '@candlekeep/market';

/** The exchange's list did not arrive in time. */
export class MarketListTooSlow extends CandlekeepError {
  readonly code = 'LOAD_TOO_SLOW';
  readonly retryable = true;
}

export interface MarketListAnswer {
  readonly body: string;
  readonly ageMs: number;
  /** True when the exchange had to be asked. */
  readonly isLoaded: boolean;
}

const PATIENCE_MS = 10_000;

/** The list of markets, at most a minute old. */
export class MarketList {
  constructor(
    private readonly cache: MarketListCache,
    private readonly requester: FetchRequester,
    private readonly clock: Clock,
  ) {}

  async read(details: boolean): Promise<MarketListAnswer> {
    const deadlineMs = this.clock.monotonicMs() + PATIENCE_MS;
    for (let isLoaded = false; ; isLoaded = true) {
      const cached = await this.cache.find(details);
      if (cached !== undefined) return { ...cached, isLoaded };
      const remainingMs = deadlineMs - this.clock.monotonicMs();
      if (remainingMs <= 0) {
        throw new MarketListTooSlow(
          `the list of markets did not arrive within ${PATIENCE_MS} ms; ask again`,
        );
      }
      await this.requester.request({ kind: 'markets', details }, remainingMs);
    }
  }
}
