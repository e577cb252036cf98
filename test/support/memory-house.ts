import { CandleCache, type CandleSource } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { silentLogger } from '@candlekeep/telemetry';
import type { PageExchange } from '../../apps/worker/src/exchange-look';
import { PageFetcher } from '../../apps/worker/src/page-fetcher';
import { SeriesFolder } from '../../apps/worker/src/series-folder';
import { DirectSource, type Load } from './direct-source';
import { MemoryCandleStore } from './memory-candle-store';
import { MemoryCandleWindow } from './memory-candle-window';

/**
 * A gateway and a worker in one process, the real planner, journey, fetcher and folder, over tiers in memory and without a queue:
 * for tests of what they decide, in virtual time.
 */
export class MemoryHouse {
  readonly store: MemoryCandleStore;
  /** Every load that was asked for, and how much it was wanted. */
  readonly loads: Load[] = [];
  private windowOfNow: MemoryCandleWindow;
  private cacheOfNow: CandleCache;
  private sourceOfNow: CandleSource;

  constructor(
    private readonly exchange: PageExchange,
    private readonly clock: Clock,
  ) {
    this.store = new MemoryCandleStore(clock);
    this.windowOfNow = new MemoryCandleWindow(clock);
    this.sourceOfNow = this.openSource();
    this.cacheOfNow = this.openCache();
  }

  /** L1. */
  get window(): MemoryCandleWindow {
    return this.windowOfNow;
  }

  /** The way to what the tiers lack. */
  get source(): CandleSource {
    return this.sourceOfNow;
  }

  get cache(): CandleCache {
    return this.cacheOfNow;
  }

  /** Starts anew with an empty L1; what L2 holds stays. */
  restart(): void {
    this.windowOfNow = new MemoryCandleWindow(this.clock);
    this.sourceOfNow = this.openSource();
    this.cacheOfNow = this.openCache();
  }

  private openSource(): CandleSource {
    const { exchange, store, window, clock, loads } = this;
    const tiers = { store, window, clock, log: silentLogger };
    return new DirectSource({
      pages: new PageFetcher({ ...tiers, exchange }),
      folder: new SeriesFolder(tiers),
      note: (load) => loads.push(load),
    });
  }

  private openCache(): CandleCache {
    const { store, window, clock, source } = this;
    return new CandleCache({ store, window, clock, log: silentLogger, source });
  }
}
