import type { TradeFrame } from '@candlekeep/exchange-client';
import { scaledOf } from '@candlekeep/market';

/** A trade in numbers that can be summed. */
export interface HeardTrade {
  readonly id: bigint;
  /** When it was executed, and when the exchange sent it, epoch ms. */
  readonly tradedAtMs: number;
  readonly sentAtMs: number;
  /** In 10^-8. */
  readonly price: bigint;
  readonly volume: bigint;
  /** Price times volume, in 10^-16. */
  readonly product: bigint;
  /** As of when anything told of it, monotonic ms: its own frame, or a ticker that came earlier. */
  knownAtMs: number;
  /** Whether a ticker's volume of the day counts it, and every trade before it. */
  isCounted: boolean;
  /** Whether a ticker of the same trade was sent at the same ms: then that is when it was stored, and no other trade overtook it. */
  isDated: boolean;
}

/** One unit of 10^-8, counted in 10^-16. */
export const AMOUNT_UNIT = 10n ** 8n;

export function heardTrade(frame: TradeFrame, knownAtMs: number): HeardTrade {
  const price = scaledOf(frame.price);
  const volume = scaledOf(frame.volume);
  const { tradedAtMs, sentAtMs } = frame;
  const id = BigInt(frame.sequentialId);
  return {
    id,
    tradedAtMs,
    sentAtMs,
    price,
    volume,
    product: price * volume,
    knownAtMs,
    isCounted: false,
    isDated: false,
  };
}

/** Adds to a list that is ordered by execution. Most trades belong at its end. */
export function insertByTime(trades: HeardTrade[], trade: HeardTrade): void {
  let at = trades.length;
  while (at > 0 && isAfter(trades[at - 1], trade)) at -= 1;
  trades.splice(at, 0, trade);
}

export function sumOf(trades: readonly HeardTrade[], amount: 'volume' | 'product'): bigint {
  return trades.reduce((sum, trade) => sum + trade[amount], 0n);
}

/** By execution; in the same ms by sending, then by id, whose order is likely, but not promised. */
function isAfter(one: HeardTrade | undefined, other: HeardTrade): boolean {
  if (one === undefined) return false;
  if (one.tradedAtMs !== other.tradedAtMs) return one.tradedAtMs > other.tradedAtMs;
  if (one.sentAtMs !== other.sentAtMs) return one.sentAtMs > other.sentAtMs;
  return one.id > other.id;
}
