import { RATE_DIGITS, textOfScaled, Timeframe, type MarketCode } from '@candlekeep/market';
import { priceText, type Bar } from '../candles/bar';
import { closeBefore, dayChange } from '../candles/day-change';
import type { MarketView } from '../candles/market-view';
import type { Trade } from '../tape/minute-path';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
const YEAR_DAYS = 52 * 7;
const DAY = Timeframe.parse('1d');
/** Fraction digits of the day's turnover, unlike any other. */
const TURNOVER_DIGITS = 16;

/** A price and the UTC day (epoch ms of its start) on which it was last reached. */
export interface Extreme {
  readonly price: string;
  readonly dayMs: number;
}

/** One market's ticker in the words of the wire. Decimals are text: 8 fraction digits unless said. */
export interface TickerRow {
  readonly market: MarketCode;
  /** When the last trade happened, epoch ms. */
  readonly tradeMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly previousClose: string;
  /** Signed. */
  readonly change: string;
  /** Signed, 10 fraction digits. */
  readonly changeRate: string;
  readonly tradeVolume: string;
  /** Since 00:00 UTC, 16 fraction digits. */
  readonly dayTurnover: string;
  readonly dayVolume: string;
  readonly turnover24h: string;
  readonly volume24h: string;
  readonly highest52w: Extreme;
  readonly lowest52w: Extreme;
  /** When the last trade was stored, epoch ms. */
  readonly timestampMs: number;
}

/** The ticker of a market; undefined before its first trade. On a day without a trade all prices are the last close. */
export function tickerRow(market: MarketCode, view: MarketView): TickerRow | undefined {
  const last = view.lastTradeBefore(Infinity);
  if (last === undefined) return undefined;
  const dayMs = DAY.floor(view.nowMs);
  const until = Math.floor(view.nowMs / MINUTE_MS) + 1;
  const today = view.bar(dayMs / MINUTE_MS, until) ?? quietBar(last);
  const { previous, change, rate } = dayChange(today.close, closeBefore(view, dayMs) ?? today.open);
  const rolling = view.bar(until - DAY_MINUTES, until) ?? quietBar(last);
  const print = (ticks: number): string => priceText(ticks, view.tape.recording.tick);
  return {
    market,
    tradeMs: last.atMs,
    open: print(today.open),
    high: print(today.high),
    low: print(today.low),
    close: print(today.close),
    previousClose: print(previous),
    change: print(change),
    changeRate: textOfScaled(rate, RATE_DIGITS),
    tradeVolume: textOfScaled(last.volume),
    dayTurnover: textOfScaled(today.turnover * 10n ** 8n, TURNOVER_DIGITS),
    dayVolume: textOfScaled(today.volume),
    turnover24h: textOfScaled(rolling.turnover),
    volume24h: textOfScaled(rolling.volume),
    ...extremes(view, dayMs, print),
    timestampMs: last.storedMs,
  };
}

function quietBar({ price, storedMs }: Trade): Bar {
  const prices = { open: price, high: price, low: price, close: price };
  return { ...prices, volume: 0n, turnover: 0n, timestampMs: storedMs };
}

/** Of the last 52 weeks, today included. The recorded weeks repeat, so the day is found within some weeks' walk. */
function extremes(
  view: MarketView,
  todayMs: number,
  print: (ticks: number) => string,
): Pick<TickerRow, 'highest52w' | 'lowest52w'> {
  const yearMs = todayMs - YEAR_DAYS * DAY_MS;
  const year = barBetween(view, yearMs, todayMs + DAY_MS);
  const extreme = (side: 'high' | 'low'): Extreme => {
    let dayMs = todayMs;
    while (dayMs > yearMs && barBetween(view, dayMs, dayMs + DAY_MS)?.[side] !== year?.[side]) {
      dayMs -= DAY_MS;
    }
    return { price: print(year?.[side] ?? 0), dayMs };
  };
  return { highest52w: extreme('high'), lowest52w: extreme('low') };
}

function barBetween(view: MarketView, fromMs: number, untilMs: number): Bar | undefined {
  return view.bar(fromMs / MINUTE_MS, untilMs / MINUTE_MS);
}
