import {
  CandleCache,
  CandleSource,
  type LoadDemand,
  type LoadOutcome,
  type LoadTarget,
} from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { fetchId, type FoldJob, type HeadJob, type PageJob } from '@candlekeep/jobs';
import { laneRank } from '@candlekeep/market';
import { steadyDemand } from '@candlekeep/rate-limiter';
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
  /** Every load that was asked for, and how much it was wanted. */
  readonly loads: Load[] = [];
  private windowOfNow: MemoryCandleWindow;
  private cacheOfNow: CandleCache;

  constructor(
    private readonly exchange: PageExchange,
    private readonly clock: Clock,
  ) {
    this.store = new MemoryCandleStore(clock);
    this.windowOfNow = new MemoryCandleWindow(clock);
    this.cacheOfNow = this.openCache();
  }

  /** L1. */
  get window(): MemoryCandleWindow {
    return this.windowOfNow;
  }

  get cache(): CandleCache {
    return this.cacheOfNow;
  }

  /** Starts anew with an empty L1; what L2 holds stays. */
  restart(): void {
    this.windowOfNow = new MemoryCandleWindow(this.clock);
    this.cacheOfNow = this.openCache();
  }

  private openCache(): CandleCache {
    const { exchange, store, window, clock, loads } = this;
    const tiers = { store, window, clock, log: silentLogger };
    const source = new DirectSource({
      pages: new PageFetcher({ ...tiers, exchange }),
      folder: new SeriesFolder(tiers),
      note: (load) => loads.push(load),
    });
    return new CandleCache({ ...tiers, source });
  }
}

/** One load that a gateway asked for. */
interface Load {
  readonly target: LoadTarget;
  readonly demand: LoadDemand;
}

interface DirectSourceParts {
  readonly pages: PageFetcher;
  readonly folder: SeriesFolder;
  readonly note: (load: Load) => void;
}

/** Jobs run at once, and equal ones under way are one. */
class DirectSource extends CandleSource {
  private readonly underWay = new Map<string, Promise<unknown>>();

  constructor(private readonly parts: DirectSourceParts) {
    super();
  }

  override async load(target: LoadTarget, demand: LoadDemand): Promise<LoadOutcome> {
    this.parts.note({ target, demand });
    const job = jobOf(target);
    const id = fetchId(job);
    const running = this.underWay.get(id);
    await (running ?? this.start(id, job, demand));
    return { kind: 'loaded', collapsed: running !== undefined };
  }

  private async start(
    id: string,
    job: HeadJob | PageJob | FoldJob,
    { lane }: LoadDemand,
  ): Promise<void> {
    const { pages, folder } = this.parts;
    const { signal } = new AbortController();
    const terms = { signal, demand: steadyDemand(laneRank(lane)) };
    const run = job.kind === 'fold' ? folder.fold(job, signal) : pages.fetch(job, terms);
    this.underWay.set(id, run);
    try {
      await run;
    } finally {
      this.underWay.delete(id);
    }
  }
}
