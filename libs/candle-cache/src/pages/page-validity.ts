import type { MarketCode } from '@candlekeep/market';
import type { WindowChange } from './window-changes';

/** How often a market's sights and finals were said to be others. */
interface MarketEpochs {
  sights: number;
  finals: number;
}

/** What was so when a page's rows were about to be read. */
export interface PageStamp {
  readonly market: MarketEpochs;
  readonly hearing: number;
  readonly sights: number;
  readonly finals: number;
}

/**
 * Which pages still hold, by what L1 has told. A page is stamped before its rows are read: whatever changed since then may be lacking
 * in them. While L1 is not heard, no page holds, and none that is stamped then ever will.
 */
export class PageValidity {
  private readonly markets = new Map<MarketCode, MarketEpochs>();
  private readonly revisions = new Map<string, string>();
  private isHearing = false;
  private hearing = 0;

  stamp(market: MarketCode): PageStamp {
    const epochs = this.epochsOf(market);
    return { market: epochs, hearing: this.isHearing ? this.hearing : -1, ...epochs };
  }

  /** Whether nothing that such a page shows was said to be otherwise. A page of finals alone leans on no sight. */
  holds({ market, hearing, sights, finals }: PageStamp, isFinal: boolean): boolean {
    if (!this.isHearing || hearing !== this.hearing || finals !== market.finals) return false;
    return isFinal || sights === market.sights;
  }

  /** The same revision told again (a window that was lost and filled anew) changes nothing. Sights of a market feed its longer candles, so they count for all of them. */
  heed(change: WindowChange): void {
    const epochs = this.epochsOf(change.market);
    if (change.kind === 'sight') {
      epochs.sights += 1;
      return;
    }
    const { series, revision } = change;
    if (this.revisions.get(series) === revision) return;
    this.revisions.set(series, revision);
    epochs.finals += 1;
  }

  lose(): void {
    this.isHearing = false;
  }

  hearAgain(): void {
    this.hearing += 1;
    this.isHearing = true;
    this.revisions.clear();
  }

  private epochsOf(market: MarketCode): MarketEpochs {
    const known = this.markets.get(market);
    if (known !== undefined) return known;
    const epochs = { sights: 0, finals: 0 };
    this.markets.set(market, epochs);
    return epochs;
  }
}
