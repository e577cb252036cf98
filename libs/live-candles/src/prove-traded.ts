import { scaledOf } from '@candlekeep/market';
import { AMOUNT_UNIT, type HeardTrade, sumOf } from './heard-trade';
import type { BestFrame, LiveMinute } from './live-minute';
import type { Doubt, Proof } from './minute-verdict';
import { type Extension, extendedRow, pricesAt } from './row-extension';

const LONG_DIGITS = 16;

/**
 * Whether the row of a traded minute is what the exchange will show for good. The caller vouches that `minute.trades` lack none.
 * `laterSentMs` is when the first trade after the minute was sent, Infinity when there is none yet.
 */
export function proveTraded(minute: LiveMinute, laterSentMs: number): Proof {
  const { best, trades, arrivals } = minute;
  if (trades.length === 0 || minute.hasForgotten) return doubtful('trades missing');
  if (best !== undefined && minute.volume < best.volume) return doubtful('trades missing');
  const extension = extendedRow(best, trades, arrivals);
  if (extension === undefined) return doubtful('unexplained volume');
  const reason =
    findPriceDoubt(extension, trades) ??
    findTurnoverDoubt(extension, trades, best) ??
    findTimestampDoubt(extension, trades, laterSentMs);
  return reason === undefined ? { kind: 'traded', row: extension.row } : doubtful(reason);
}

/** Whether a row is the fold of the trades, as far as their digits tell. */
export function agreesWithTrades(
  extension: Extension,
  trades: readonly HeardTrade[],
  best: BestFrame | undefined,
): boolean {
  const doubt = findTurnoverDoubt(extension, trades, best);
  return findPriceDoubt(extension, trades) === undefined && doubt !== 'turnover disagrees';
}

function findPriceDoubt(
  { row, isOrderSure }: Extension,
  trades: readonly HeardTrade[],
): Doubt | undefined {
  if (!isOrderSure) return 'unsure order';
  const prices = trades.map(({ price }) => price).sort((a, b) => (a < b ? -1 : Number(a > b)));
  const agrees =
    pricesAt(trades, trades[0]).has(scaledOf(row.open)) &&
    pricesAt(trades, trades.at(-1)).has(scaledOf(row.close)) &&
    scaledOf(row.low) === prices[0] &&
    scaledOf(row.high) === prices.at(-1);
  return agrees ? undefined : 'prices disagree';
}

function findTurnoverDoubt(
  { row, added }: Extension,
  trades: readonly HeardTrade[],
  best: BestFrame | undefined,
): Doubt | undefined {
  const told = scaledOf(best?.frame.turnover ?? '0', LONG_DIGITS);
  if (told % AMOUNT_UNIT !== 0n || !added.every(isExact)) return 'inexact turnover';
  const excess = scaledOf(row.turnover, LONG_DIGITS) - sumOf(trades, 'product');
  // Products with more digits were rounded by the exchange one by one, or all together: we do not know how.
  const tolerance = trades.every(isExact) ? 0n : BigInt(trades.length) * AMOUNT_UNIT;
  return excess <= tolerance && excess >= -tolerance ? undefined : 'turnover disagrees';
}

/** A candle's timestamp is when its last trade was stored, and so sent; an overtaken trade was sent later than stored. */
function findTimestampDoubt(
  { row, added }: Extension,
  trades: readonly HeardTrade[],
  laterSentMs: number,
): Doubt | undefined {
  const last = trades.at(-1);
  if (added.length === 0 || last === undefined) return undefined;
  const isPlain = last.isDated && row.timestampMs === last.sentAtMs && last.sentAtMs <= laterSentMs;
  // Of two trades of the same ms, the one that was sent later may have been stored first, and overtaken.
  const same = trades.filter(({ tradedAtMs }) => tradedAtMs === last.tradedAtMs);
  if (same.some(({ sentAtMs }) => sentAtMs !== last.sentAtMs)) return 'unsure timestamp';
  return isPlain && trades.every(({ sentAtMs }) => sentAtMs <= last.sentAtMs)
    ? undefined
    : 'unsure timestamp';
}

function isExact({ product }: HeardTrade): boolean {
  return product % AMOUNT_UNIT === 0n;
}

function doubtful(reason: Doubt): { kind: 'doubtful'; reason: Doubt } {
  return { kind: 'doubtful', reason };
}
