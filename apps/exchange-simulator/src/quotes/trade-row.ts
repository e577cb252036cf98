import { textOfScaled, Timeframe, type MarketCode } from '@candlekeep/market';
import { priceText } from '../candles/bar';
import { closeBefore } from '../candles/day-change';
import type { MarketView } from '../candles/market-view';
import type { TakerSide, Trade } from '../tape/minute-path';

const MINUTE_MS = 60_000;
const DAY = Timeframe.parse('1d');

/** One executed trade in the words of the wire; decimals are text with 8 fraction digits. */
export interface TradeRow {
  readonly market: MarketCode;
  readonly atMs: number;
  readonly price: string;
  readonly volume: string;
  /** The close of the UTC day before the trade's. */
  readonly previousClose: string;
  /** Price less previous close, signed. */
  readonly change: string;
  readonly side: TakerSide;
  readonly sequentialId: bigint;
}

/** Which trades of one UTC day are wanted: at most `count` that happened before `untilMs` and have an id below `beforeId`. */
export interface TradePage {
  readonly dayMs: number;
  readonly untilMs: number;
  readonly beforeId: bigint | undefined;
  readonly count: number;
}

/** The newest trades of a page that are stored by now, newest first: the same trades that make the candles. */
export function tradeRows(market: MarketCode, view: MarketView, page: TradePage): TradeRow[] {
  const { tick } = view.tape.recording;
  const previous = closeBefore(view, page.dayMs) ?? firstPriceOf(view, page.dayMs);
  if (previous === undefined) return [];
  return newestTrades(view, page).map(({ atMs, price, volume, side, sequentialId }) => ({
    market,
    atMs,
    price: priceText(price, tick),
    volume: textOfScaled(volume),
    previousClose: priceText(previous, tick),
    change: priceText(price - previous, tick),
    side,
    sequentialId,
  }));
}

function newestTrades(view: MarketView, { dayMs, untilMs, beforeId, count }: TradePage): Trade[] {
  const found: Trade[] = [];
  const endMs = Math.min(untilMs, DAY.closeOf(dayMs));
  let minute = view.lastSeenBefore(Math.ceil(endMs / MINUTE_MS));
  while (minute !== undefined && minute * MINUTE_MS >= dayMs && found.length < count) {
    const wanted = view
      .storedTrades(minute)
      .filter(({ atMs, sequentialId }) => atMs < endMs && sequentialId < (beforeId ?? Infinity));
    found.push(...wanted.reverse());
    minute = view.lastSeenBefore(minute);
  }
  return found.slice(0, count);
}

/** A market's first day is measured against its own open. */
function firstPriceOf(view: MarketView, dayMs: number): number | undefined {
  return view.bar(dayMs / MINUTE_MS, DAY.closeOf(dayMs) / MINUTE_MS)?.open;
}
