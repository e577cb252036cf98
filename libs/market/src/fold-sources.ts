import { Timeframe } from './timeframe';

/** The first of each is its rung of the ladder; the others serve where that one is not known. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '3m': ['1m'],
  '5m': ['1m'],
  '10m': ['1m', '5m'],
  '15m': ['1m', '5m'],
  '30m': ['1m', '15m'],
  '60m': ['1m', '30m', '15m'],
  '240m': ['60m', '1m'],
  '1d': ['60m', '240m', '1m'],
  '1w': ['1d'],
  '1M': ['1d'],
  '1y': ['1d'],
};

/**
 * The timeframes whose candles may be folded into one of this timeframe, the preferred one first: at most 60, 24 or 366 of that to a
 * slot. Empty for seconds and single minutes, which only the exchange knows. Seconds are no source: it keeps them for three months only.
 */
export function foldSourcesOf({ code }: Timeframe): readonly Timeframe[] {
  return (SOURCES[code] ?? []).map((source) => Timeframe.parse(source));
}
