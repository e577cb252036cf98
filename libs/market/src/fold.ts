import type { Candle, DailyChange } from './candle';
import { divideRounded, RATE_DIGITS, scaledOf, textOfScaled } from './decimal';
import type { Timeframe } from './timeframe';

/**
 * Folds candles of a shorter timeframe, oldest first, into the one longer candle that opens at `openMs`: open of the
 * first, maximum, minimum, close of the last, exact sums, latest timestamp. Undefined when there is nothing to fold.
 * The caller vouches that `parts` are all candles of the slot. A day's previous close is not in its parts, so `daily` is left out.
 */
export function fold(parts: readonly Candle[], openMs: number): Candle | undefined {
  const first = parts[0];
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    openMs,
    open: first.open,
    high: extreme(parts, 'high', (candidate, best) => candidate > best),
    low: extreme(parts, 'low', (candidate, best) => candidate < best),
    close: last.close,
    timestampMs: parts.reduce((latest, part) => Math.max(latest, part.timestampMs), 0),
    turnover: sum(parts, 'turnover'),
    volume: sum(parts, 'volume'),
  };
}

/** Folds candles, oldest first, into one candle of `timeframe` for each of its slots that has any. As {@link fold}. */
export function foldInto(timeframe: Timeframe, parts: readonly Candle[]): Candle[] {
  const slots = new Map<number, Candle[]>();
  for (const part of parts) {
    const openMs = timeframe.floor(part.openMs);
    const slot = slots.get(openMs);
    if (slot === undefined) slots.set(openMs, [part]);
    else slot.push(part);
  }
  return [...slots].flatMap(([openMs, slot]) => fold(slot, openMs) ?? []);
}

/** What the exchange adds to a day that closed (or stands) at `close` after a day that closed at `previousClose`; exact. */
export function dailyChange(close: string, previousClose: string): DailyChange {
  const previous = scaledOf(previousClose);
  const change = scaledOf(close) - previous;
  const rate = divideRounded(change * 10n ** BigInt(RATE_DIGITS), previous);
  return {
    previousClose,
    change: textOfScaled(change),
    changeRate: textOfScaled(rate, RATE_DIGITS),
  };
}

function extreme(
  parts: readonly Candle[],
  field: 'high' | 'low',
  beats: (candidate: bigint, best: bigint) => boolean,
): string {
  const values = parts.map((part) => scaledOf(part[field]));
  return textOfScaled(values.reduce((best, value) => (beats(value, best) ? value : best)));
}

function sum(parts: readonly Candle[], field: 'turnover' | 'volume'): string {
  return textOfScaled(parts.reduce((total, part) => total + scaledOf(part[field]), 0n));
}
