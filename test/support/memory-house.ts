import {
  CandleCache,
  CandleSource,
  type LoadOutcome,
  type LoadTarget,
} from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { fetchId, type FoldJob, type HeadJob, type PageJob } from '@candlekeep/jobs';
import { silentLogger } from '@candlekeep/telemetry';
import { jobOf } from '../../apps/gateway/src/queue-candle-source';
import type { PageExchange } from '../../apps/worker/src/exchange-look';
import { PageFetcher } from '../../apps/worker/src/page-fetcher';
import { SeriesFolder } from '../../apps/worker/src/series-folder';
import { MemoryCandleStore } from './memory-candle-store';
import { MemoryCandleWindow } from './memory-candle-window';

/**
 * A gateway and a worker in one process, the real planner, journey, fetcher and folder, over tiers in memory and without a queue:
 * for tests of what they decide, in virtual time.
 */
export class MemoryHouse {
  readonly store: MemoryCandleStore;
  private cacheOfNow: CandleCache;

  constructor(
    private readonly exchange: PageExchange,
    private readonly clock: Clock,
  ) {
    this.store = new MemoryCandleStore(clock);
    this.cacheOfNow = this.openCache();
  }

  get cache(): CandleCache {
    return this.cacheOfNow;
  }

  /** Starts anew with an empty L1; what L2 holds stays. */
  restart(): void {
    this.cacheOfNow = this.openCache();
  }

  private openCache(): CandleCache {
    const { exchange, store, clock } = this;
    const tiers = { store, window: new MemoryCandleWindow(clock), clock, log: silentLogger };
    const source = new DirectSource(
      new PageFetcher({ ...tiers, exchange }),
      new SeriesFolder(tiers),
    );
    return new CandleCache({ ...tiers, source });
  }
}

/** Jobs run at once, and equal ones under way are one. */
class DirectSource extends CandleSource {
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor(
    private readonly pages: PageFetcher,
    private readonly folder: SeriesFolder,
  ) {
    super();
  }

  override async load(target: LoadTarget): Promise<LoadOutcome> {
    const job = jobOf(target);
    const id = fetchId(job);
    const running = this.underWay.get(id);
    await (running ?? this.start(id, job));
    return { kind: 'loaded', collapsed: running !== undefined };
  }

  private async start(id: string, job: HeadJob | PageJob | FoldJob): Promise<void> {
    const { signal } = new AbortController();
    const run = job.kind === 'fold' ? this.folder.fold(job, signal) : this.pages.fetch(job, signal);
    this.underWay.set(id, run);
    try {
      await run;
    } finally {
      this.underWay.delete(id);
    }
  }
}
