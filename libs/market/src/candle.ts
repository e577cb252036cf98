import type { MarketCode } from './market-code';
import type { Timeframe } from './timeframe';

/** What the exchange adds to a day: the previous UTC day's close and the distance from it. */
export interface DailyChange {
  /** Previous day's close; 8 fraction digits. */
  readonly previousClose: string;
  /** Signed `close - previousClose`; 8 fraction digits. */
  readonly change: string;
  /** Signed `change / previousClose`; 10 fraction digits. */
  readonly changeRate: string;
}

/** One candle, named by its open. Amounts are exact decimal text with 8 fraction digits, as the exchange prints them. */
export interface Candle {
  /** Start of the slot, epoch ms UTC. */
  readonly openMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  /** When the exchange stored the last tick, epoch ms; may lie past the candle's close. */
  readonly timestampMs: number;
  /** Traded amount in the quote currency. */
  readonly turnover: string;
  /** Traded amount in the base currency. */
  readonly volume: string;
  /** Days only. */
  readonly daily?: DailyChange;
}

/** How a candle became known: read from the exchange, folded from candles of a shorter timeframe, or closed by its stream. */
export type Provenance = 'native' | 'fold' | 'stream';

/** All candles of one market in one timeframe. */
export interface Series {
  readonly market: MarketCode;
  readonly timeframe: Timeframe;
}

/** The name of a series in keys, logs and ids: `KRW-BTC:1m`. */
export function seriesName({ market, timeframe }: Series): string {
  return `${market}:${timeframe.code}`;
}
