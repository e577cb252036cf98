const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 1_440 * MINUTE_MS;

/** Every timeframe that the exchange serves, the shortest first. */
export const TIMEFRAMES = [
  ...['1s', '1m', '3m', '5m', '10m', '15m', '30m', '60m', '240m'],
  ...['1d', '1w', '1M', '1y'],
];

const EVEN_MS = { s: SECOND_MS, m: MINUTE_MS, d: DAY_MS, w: 7 * DAY_MS };

/** The open of the slot that is `slots` after the one that opens at `openMs` (negative: before). */
export function shift(timeframe, openMs, slots) {
  const unit = timeframe.at(-1);
  const even = EVEN_MS[unit];
  if (even !== undefined) return openMs + slots * Number.parseInt(timeframe, 10) * even;
  const date = new Date(openMs);
  return unit === 'M'
    ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + slots)
    : Date.UTC(date.getUTCFullYear() + slots, 0);
}
