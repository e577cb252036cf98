import { ManualClock } from '@candlekeep/clock';
import { MemoryCandleStore } from '../../../test/support/memory-candle-store';
import { MemoryCandleWindow } from '../../../test/support/memory-candle-window';
import { itKeepsTheTiersTrue } from '../../../test/support/fetch-cases';
import type { Tiers } from '../../../test/support/fetch-rig';
import { freshMarket } from '../../../test/support/redis';

function memoryTiers(): Tiers {
  const clock = new ManualClock();
  const store = new MemoryCandleStore(clock);
  return { store, window: new MemoryCandleWindow(clock), clock, pass: () => clock.advance(10) };
}

describe('a worker on tiers in memory', () => {
  itKeepsTheTiersTrue(memoryTiers, freshMarket);
});
