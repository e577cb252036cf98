import { type CandleStore, type CandleWindow, confirmRevision } from '@candlekeep/candle-cache';
import { slotsFoldedFrom } from '@candlekeep/candle-store';
import type { MarketCode, Series, Timeframe } from '@candlekeep/market';

/** Carries the revisions of L2 to L1, so that what was corrected or taken away down there does not live on up here. */
export class RevisionNews {
  constructor(
    private readonly store: CandleStore,
    private readonly window: CandleWindow,
  ) {}

  /** Tells L1 of a series, and of all that are folded from it: a correction takes those folds away as well. */
  async tell({ market, timeframe }: Series): Promise<void> {
    const folded = slotsFoldedFrom(timeframe, []).map((touched) => touched.timeframe);
    await this.tellOf(market, new Set([timeframe, ...folded]));
  }

  /** Holds what was just put into L1 against L2 once more, see {@link confirmRevision}. */
  async confirm(series: Series, revision: number): Promise<void> {
    await confirmRevision({ store: this.store, window: this.window }, series, revision);
  }

  /**
   * Tells L1 of every series that it holds, and resolves with their number. Mends within a round what a worker left behind that
   * died between the tiers and whose job nobody ran again. Rejects with the signal's reason once that is aborted.
   */
  async tellAll(signal?: AbortSignal): Promise<number> {
    const held = new Map<MarketCode, Set<Timeframe>>();
    const windows = await this.window.list();
    for (const { series } of windows) {
      const timeframes = held.get(series.market) ?? new Set<Timeframe>();
      held.set(series.market, timeframes.add(series.timeframe));
    }
    for (const [market, timeframes] of held) {
      signal?.throwIfAborted();
      await this.tellOf(market, timeframes);
    }
    return windows.length;
  }

  private async tellOf(market: MarketCode, timeframes: ReadonlySet<Timeframe>): Promise<void> {
    const known = await this.store.readCoverages(market);
    const telling = [...timeframes].map(async (timeframe) => {
      const series = { market, timeframe };
      const revision = known.get(timeframe.code)?.revision ?? (await this.revisionOf(series));
      if (revision > 0) await this.window.expectRevision(series, revision);
    });
    await Promise.all(telling);
  }

  private async revisionOf(series: Series): Promise<number> {
    return (await this.store.read(series, { beforeMs: 0, limit: 0 })).revision;
  }
}
