import { MemoryCandleStore } from '../support/memory-candle-store';
import { MemoryCandleWindow } from '../support/memory-candle-window';
import type { ReplayTiers } from './preload-house';
import type { ReplayClock } from './replay-clock';

/** L1 and L2 in memory: they pass the conformance suites of the real ones. */
export function memoryTiers(clock: ReplayClock): ReplayTiers {
  const window = new MemoryCandleWindow(clock);
  return {
    window,
    store: new MemoryCandleStore(clock),
    loseL1: async () => {
      for (const { series } of await window.list()) window.lose(series);
    },
  };
}
