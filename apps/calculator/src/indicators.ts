/** Wilder's relative strength index of the last close, 0 to 100; undefined while there are no `period + 1` closes. */
export function rsi(closes: readonly number[], period: number): number | undefined {
  const changes = closes.slice(1).map((close, i) => close - (closes[i] ?? close));
  const gain = wilder(
    changes.map((change) => Math.max(change, 0)),
    period,
  );
  const loss = wilder(
    changes.map((change) => Math.max(-change, 0)),
    period,
  );
  if (gain === undefined || loss === undefined) return undefined;
  if (gain + loss === 0) return 50;
  return (100 * gain) / (gain + loss);
}

/** Arithmetic mean of the last `period` values; undefined while there are fewer. */
export function sma(values: readonly number[], period: number): number | undefined {
  if (values.length < period) return undefined;
  return values.slice(-period).reduce((total, value) => total + value, 0) / period;
}

/** Wilder's average true range; undefined while there are no `period + 1` candles. */
export function atr(
  candles: readonly { readonly high: number; readonly low: number; readonly close: number }[],
  period: number,
): number | undefined {
  const ranges = candles.slice(1).map(({ high, low }, i) => {
    const previous = candles[i]?.close ?? low;
    return Math.max(high, previous) - Math.min(low, previous);
  });
  return wilder(ranges, period);
}

/** Seeded with the mean of the first `period` values, then one part in `period` of each later one. */
function wilder(values: readonly number[], period: number): number | undefined {
  const seed = sma(values.slice(0, period), period);
  if (seed === undefined) return undefined;
  return values
    .slice(period)
    .reduce((average, value) => average + (value - average) / period, seed);
}
