import type { Candle } from './candle';
import { scaledOf, textOfScaled } from './decimal';

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
