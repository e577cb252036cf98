import type { CandleFrame } from '@candlekeep/exchange-client';
import { type Candle, scaledOf, textOfScaled } from '@candlekeep/market';
import { AMOUNT_UNIT, type HeardTrade, sumOf } from './heard-trade';
import type { BestFrame } from './live-minute';

/** A row, and the trades that its candle frame lacked. */
export interface Extension {
  readonly row: Candle;
  /** In the order of execution. */
  readonly added: readonly HeardTrade[];
  /** False when trades of the same ms at other prices leave it open which one opened, or closed, the row. */
  readonly isOrderSure: boolean;
}

/** Digits of a frame's turnover when it has more than a candle's. */
const LONG_DIGITS = 16;

/**
 * The row of a minute whose trades are known without a hole up to some instant: its candle frame and the trades that it does not
 * include yet. These are the last ones, in the order of execution or else of arrival, whose volumes sum to exactly what the frame
 * lacks. Undefined when there are no such trades, or when the frame holds more than the trades.
 */
export function extendedRow(
  best: BestFrame | undefined,
  trades: readonly HeardTrade[],
  arrivals: readonly HeardTrade[],
): Extension | undefined {
  const lacking = sumOf(trades, 'volume') - (best?.volume ?? 0n);
  const suffix = lastOf(trades, lacking) ?? lastOf(arrivals, lacking);
  if (suffix === undefined) return undefined;
  const late = new Set(suffix);
  const added = trades.filter((trade) => late.has(trade));
  const last = trades.at(-1);
  const closes = last !== undefined && late.has(last) ? last : undefined;
  const row = best === undefined ? rowOfTrades(trades) : rowOfFrame(best.frame, added, closes);
  if (row === undefined) return undefined;
  // What a frame says of trades of the same ms is the exchange's own word; what follows from trades alone must be plain.
  const opensPlainly = best !== undefined || pricesAt(trades, trades[0]).size === 1;
  const closesPlainly = added.length === 0 || pricesAt(trades, last).size === 1;
  return { row, added, isOrderSure: opensPlainly && closesPlainly };
}

/** The prices of all trades that were executed in the same ms as one of them. */
export function pricesAt(
  trades: readonly HeardTrade[],
  trade: HeardTrade | undefined,
): ReadonlySet<bigint> {
  const same = trades.filter(({ tradedAtMs }) => tradedAtMs === trade?.tradedAtMs);
  return new Set(same.map(({ price }) => price));
}

/** A candle frame as a row. A turnover of more digits than a candle's is rounded: such a row is never proven. */
export function rowOfFrame(
  frame: CandleFrame,
  added: readonly HeardTrade[] = [],
  closes?: HeardTrade,
): Candle {
  const prices = added.map(({ price }) => price);
  const volume = scaledOf(frame.volume) + sumOf(added, 'volume');
  const turnover = scaledOf(frame.turnover, LONG_DIGITS) + sumOf(added, 'product');
  return {
    openMs: frame.openMs,
    open: frame.open,
    high: textOfScaled(highest([scaledOf(frame.high), ...prices])),
    low: textOfScaled(lowest([scaledOf(frame.low), ...prices])),
    close: closes === undefined ? frame.close : textOfScaled(closes.price),
    timestampMs: Math.max(frame.timestampMs, ...added.map(({ sentAtMs }) => sentAtMs)),
    turnover: textOfScaled(rounded(turnover)),
    volume: textOfScaled(volume),
  };
}

/** Undefined without a trade. */
function rowOfTrades(trades: readonly HeardTrade[]): Candle | undefined {
  const [first, last] = [trades[0], trades.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const prices = trades.map(({ price }) => price);
  return {
    openMs: Math.floor(first.tradedAtMs / 60_000) * 60_000,
    open: textOfScaled(first.price),
    high: textOfScaled(highest(prices)),
    low: textOfScaled(lowest(prices)),
    close: textOfScaled(last.price),
    timestampMs: trades.reduce((latest, { sentAtMs }) => Math.max(latest, sentAtMs), 0),
    turnover: textOfScaled(rounded(sumOf(trades, 'product'))),
    volume: textOfScaled(sumOf(trades, 'volume')),
  };
}

/** The shortest end of a list that sums to exactly the volume. */
function lastOf(trades: readonly HeardTrade[], volume: bigint): HeardTrade[] | undefined {
  let rest = volume;
  let from = trades.length;
  while (rest > 0n && from > 0) {
    from -= 1;
    rest -= trades[from]?.volume ?? 0n;
  }
  return rest === 0n ? trades.slice(from) : undefined;
}

function highest(prices: readonly bigint[]): bigint {
  return prices.reduce((most, price) => (price > most ? price : most));
}

function lowest(prices: readonly bigint[]): bigint {
  return prices.reduce((least, price) => (price < least ? price : least));
}

/** From 16 digits to 8, half up. */
function rounded(turnover: bigint): bigint {
  return (turnover + AMOUNT_UNIT / 2n) / AMOUNT_UNIT;
}
