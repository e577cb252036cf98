import { Timeframe, type Candle, type MarketCode } from '@candlekeep/market';
import { candlesOf } from './candles/candle-book';
import { MarketView } from './candles/market-view';
import type { Page } from './candles/page';
import { MarketList, type Listing } from './listing/market-list';

/** What the exchange knows, apart from how it is asked: its markets and, at any instant, their candles and trades. */
export class Exchange {
  /** Only this changes, and only when it is told to at run time. */
  readonly list = new MarketList();

  /** Markets that are listed now, in the order of `/v1/market/all`. */
  get markets(): readonly Listing[] {
    return this.list.listed();
  }

  /** The code of a listed market, asked for in any letter case. */
  findMarket(text: string): MarketCode | undefined {
    return this.list.find(text)?.market;
  }

  /** What can be seen of a listed market at `nowMs`; undefined for an unknown or delisted one. */
  findView(market: string, nowMs: number): MarketView | undefined {
    const tape = this.list.find(market)?.tape;
    return tape === undefined ? undefined : new MarketView(tape, nowMs);
  }

  /** Rows of one series as they can be read at `nowMs`, newest first. An unknown market has none. */
  candles(query: Page & { market: MarketCode; timeframe: Timeframe }, nowMs: number): Candle[] {
    const view = this.findView(query.market, nowMs);
    return view === undefined ? [] : candlesOf(view, query.timeframe, query);
  }
}
