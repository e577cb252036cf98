import type { CandleStore, CandleWindow, PurgedSeries } from '@candlekeep/candle-cache';
import { CandlekeepError, type MarketCode } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';

export interface CandlePurgeParts {
  readonly store: Pick<CandleStore, 'purge'>;
  readonly window: Pick<CandleWindow, 'expectRevision'>;
  readonly log: Logger;
}

/** L2 has forgotten the market, and L1 could not be told: asking again tells it. */
export class PurgedHalfway extends CandlekeepError {
  readonly code = 'PURGED_HALFWAY';
  readonly retryable = true;
}

/**
 * Forgets a market in both tiers, L2 first. Killed between the two it may be asked again: revisions rise once more, and L1 hears of
 * them then, or from the next worker that tells it the news. Throws {@link PurgedHalfway}.
 */
export class CandlePurge {
  constructor(private readonly parts: CandlePurgeParts) {}

  async purge(market: MarketCode): Promise<readonly PurgedSeries[]> {
    const { store, window, log } = this.parts;
    const purged = await store.purge(market);
    const rows = purged.reduce((sum, { rows: own }) => sum + own, 0);
    // At once: whatever comes next, this cannot be undone.
    log.warn(`all stored candles of ${market} were removed on request`, { rows });
    try {
      await Promise.all(
        purged.map(({ series, revision }) => window.expectRevision(series, revision)),
      );
    } catch (cause) {
      const advice = 'L1 was not told: purge again when REDIS_CACHE_URL answers';
      throw new PurgedHalfway(`${rows} rows of ${market} are gone from L2; ${advice}`, { cause });
    }
    return purged;
  }
}
