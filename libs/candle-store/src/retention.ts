import type { Timeframe } from '@candlekeep/market';

/** The exchange keeps seconds for three months, and everything else for good. A little less, so as never to rely on its last days. */
export const SECONDS_KEPT_MS = 85 * 24 * 3_600_000;

/** From where on the exchange still shows at `nowMs` what it once showed: before it, an empty page denies nothing and proves nothing. */
export function retainedFromMs(timeframe: Timeframe, nowMs: number): number {
  if (timeframe.kind !== 'second') return 0;
  return Math.max(0, timeframe.ceil(nowMs - SECONDS_KEPT_MS));
}
