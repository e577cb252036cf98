import { divideRounded, RATE_DIGITS } from '@candlekeep/market';
import type { MarketView } from './market-view';

const MINUTE_MS = 60_000;

/** How a price of a day stands to the close before that day. */
export interface DayChange {
  /** In ticks. */
  readonly previous: number;
  /** In ticks, signed. */
  readonly change: number;
  /** Change per previous close in 10^-10, signed. */
  readonly rate: bigint;
}

/** The close (in ticks) of the last day with a trade before the instant; undefined when history begins there. */
export function closeBefore(view: MarketView, dayOpenMs: number): number | undefined {
  const minute = view.lastSeenBefore(dayOpenMs / MINUTE_MS);
  return minute === undefined ? undefined : view.bar(minute, minute + 1)?.close;
}

/** Compares two prices in ticks. */
export function dayChange(price: number, previous: number): DayChange {
  const change = price - previous;
  const rate = divideRounded(BigInt(change) * 10n ** BigInt(RATE_DIGITS), BigInt(previous));
  return { previous, change, rate };
}
