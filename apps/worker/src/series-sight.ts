import { type CandleWindow, LATEST_MS, type WindowSight } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import type { Series } from '@candlekeep/market';

/** A series' head and the cache server's time, and this process' monotonic time when they had arrived here. */
export interface SeriesSight extends WindowSight {
  readonly monotonicMs: number;
}

/** Looks at L1 for the head and the time; no rows. */
export async function sightOf(
  series: Series,
  { window, clock }: { readonly window: CandleWindow; readonly clock: Clock },
): Promise<SeriesSight> {
  const [sight] = await window.read([{ series, beforeMs: LATEST_MS, limit: 0 }]);
  if (sight === undefined) throw new RangeError('L1 answered fewer queries than it was asked');
  return { ...sight, monotonicMs: clock.monotonicMs() };
}
