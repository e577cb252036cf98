import { textOfScaled, type Candle } from '@candlekeep/market';
import type { Trade } from '../tape/minute-path';
import type { RecordedMinute } from '../tape/recording';

/** A candle in the tape's own units, of any length. */
export interface Bar extends RecordedMinute {
  /** When the last tick was stored, epoch ms. */
  readonly timestampMs: number;
}

/** Folds trades in their order; undefined when there are none. */
export function barOfTrades(trades: readonly Trade[]): Bar | undefined {
  return joinBars(
    trades.map(({ price, volume, turnover, storedMs }) => ({
      open: price,
      high: price,
      low: price,
      close: price,
      volume,
      turnover,
      timestampMs: storedMs,
    })),
  );
}

/** Folds neighbouring bars, oldest first; undefined when there are none. */
export function joinBars(bars: readonly Bar[]): Bar | undefined {
  const [first, ...others] = bars;
  if (first === undefined) return undefined;
  return others.reduce(
    (joined, bar) => ({
      open: joined.open,
      high: Math.max(joined.high, bar.high),
      low: Math.min(joined.low, bar.low),
      close: bar.close,
      volume: joined.volume + bar.volume,
      turnover: joined.turnover + bar.turnover,
      timestampMs: Math.max(joined.timestampMs, bar.timestampMs),
    }),
    first,
  );
}

/** Prints a bar in the words of the trade; `tick` is the market's tick in 10^-8 of the quote currency. */
export function candleOf(bar: Bar, openMs: number, tick: bigint): Candle {
  return {
    openMs,
    open: priceText(bar.open, tick),
    high: priceText(bar.high, tick),
    low: priceText(bar.low, tick),
    close: priceText(bar.close, tick),
    timestampMs: bar.timestampMs,
    turnover: textOfScaled(bar.turnover),
    volume: textOfScaled(bar.volume),
  };
}

/** A price of so many ticks as decimal text with 8 fraction digits. */
export function priceText(ticks: number, tick: bigint): string {
  return textOfScaled(BigInt(ticks) * tick);
}
