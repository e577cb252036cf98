import { parseMarketCode, type MarketCode } from '@candlekeep/market';
import { shippedRecording } from '../tape/recordings-folder';
import { Tape } from '../tape/tape';
import { DELISTED_MARKETS, LISTED_MARKETS, type ListedMarket } from './listed-market';

const MINUTE_MS = 60_000;

/** A market as it stands on the list, with its minutes. */
export interface Listing extends Pick<ListedMarket, 'koreanName' | 'englishName'> {
  readonly market: MarketCode;
  readonly tape: Tape;
}

/** What became of a wish to list a market. */
export type ListingOutcome =
  | { readonly kind: 'listed'; readonly listing: Listing }
  | { readonly kind: 'listed-already' }
  /** No recording is named so; `known` names those that there are. */
  | { readonly kind: 'no-recording'; readonly known: readonly string[] };

/** The markets of the exchange. Starts with the shipped ones; markets come and go at run time. */
export class MarketList {
  private readonly listings = new Map<string, Listing>();
  private readonly gone = new Set(DELISTED_MARKETS);

  /** Reads all recordings from disk: about a second, about 100 MB. */
  constructor() {
    for (const shipped of LISTED_MARKETS) {
      this.put(parseMarketCode(shipped.market), shipped, shipped.listedMs);
    }
  }

  /** In the order in which they were listed. */
  listed(): Listing[] {
    return [...this.listings.values()];
  }

  /** Codes that were listed once. */
  delisted(): string[] {
    return [...this.gone];
  }

  /** A listed market by its code in any letter case. */
  find(text: string): Listing | undefined {
    return this.listings.get(text.toUpperCase());
  }

  /** Lists `market` from the minute of `nowMs` on; it trades as the recorded market `like` does. */
  list(market: MarketCode, like: string, nowMs: number): ListingOutcome {
    if (this.listings.has(market)) return { kind: 'listed-already' };
    const model = LISTED_MARKETS.find((shipped) => shipped.market === like);
    if (model === undefined) {
      return { kind: 'no-recording', known: LISTED_MARKETS.map((shipped) => shipped.market) };
    }
    return { kind: 'listed', listing: this.put(market, model, nowMs) };
  }

  /** Takes a market off the list, history included; false when it is not there. */
  delist(market: string): boolean {
    const wasListed = this.listings.delete(market);
    if (wasListed) this.gone.add(market);
    return wasListed;
  }

  private put(market: MarketCode, model: ListedMarket, sinceMs: number): Listing {
    const { koreanName, englishName } = model;
    const tape = new Tape(shippedRecording(model.market), Math.floor(sinceMs / MINUTE_MS));
    const listing = { market, koreanName, englishName, tape };
    this.listings.set(market, listing);
    this.gone.delete(market);
    return listing;
  }
}
