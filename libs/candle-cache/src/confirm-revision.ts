import type { Series } from '@candlekeep/market';
import type { CandleStore } from './candle-store';
import type { CandleWindow } from './candle-window';

/**
 * Holds what was just put into L1 under a revision against L2 once more: a window that was lost meanwhile has forgotten the revision
 * it was told of. A correction that was told before the put is seen here, and one that comes later is told after it.
 */
export async function confirmRevision(
  { store, window }: { readonly store: CandleStore; readonly window: CandleWindow },
  series: Series,
  revision: number,
): Promise<void> {
  const { revision: latest } = await store.read(series, { beforeMs: 0, limit: 0 });
  if (latest !== revision) await window.expectRevision(series, latest);
}
