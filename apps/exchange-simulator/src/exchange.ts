import { Timeframe, type Candle, type MarketCode } from '@candlekeep/market';
import { candlesOf } from './candles/candle-book';
import { LISTED_MARKETS, type ListedMarket } from './candles/listed-market';
import { MarketView } from './candles/market-view';
import type { Page } from './candles/page';
import { shippedRecording } from './tape/recordings-folder';
import { Tape } from './tape/tape';

const MINUTE_MS = 60_000;

/** What the exchange knows, apart from how it is asked: its markets and, at any instant, their candles. Holds no state that changes. */
export class Exchange {
  readonly markets: readonly ListedMarket[] = LISTED_MARKETS;
  private readonly tapes: ReadonlyMap<string, Tape>;

  /** Reads all recordings from disk: about a second, about 100 MB. */
  constructor() {
    this.tapes = new Map(
      LISTED_MARKETS.map(({ market, listedMs }) => [
        market,
        new Tape(shippedRecording(market), listedMs / MINUTE_MS),
      ]),
    );
  }

  /** The code of a listed market, asked for in any letter case. */
  findMarket(text: string): MarketCode | undefined {
    return this.tapes.get(text.toUpperCase())?.recording.market;
  }

  /** Rows of one series as they can be read at `nowMs`, newest first. An unknown market has none. */
  candles(query: Page & { market: MarketCode; timeframe: Timeframe }, nowMs: number): Candle[] {
    const tape = this.tapes.get(query.market);
    return tape === undefined ? [] : candlesOf(new MarketView(tape, nowMs), query.timeframe, query);
  }
}
