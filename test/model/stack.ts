import {
  CandleCache,
  type CandleStore,
  type CandleWindow,
  type WindowChange,
  type LoadTarget,
  type WindowWish,
} from '@candlekeep/candle-cache';
import { laneRank, type MarketCode } from '@candlekeep/market';
import { steadyDemand } from '@candlekeep/rate-limiter';
import { silentLogger } from '@candlekeep/telemetry';
import { jobOf } from '@candlekeep/queue-source';
import { PageFetcher } from '../../apps/worker/src/page-fetcher';
import { RevisionNews } from '../../apps/worker/src/revision-news';
import { SeriesFolder } from '../../apps/worker/src/series-folder';
import type { GatedExchange } from './gated-exchange';
import { GatedStore, GatedWindow } from './gated-tiers';
import { EncodedGateway } from './encoded-gateway';
import type { ChaosSource } from './chaos-source';
import type { Stage } from './stage';
import type { VirtualTime } from './virtual-time';

export interface StackParts {
  readonly time: VirtualTime;
  readonly stage: Stage;
  readonly exchange: GatedExchange;
  readonly source: ChaosSource;
  /** The tiers as they are, without the stage's hold. */
  readonly window: CandleWindow;
  readonly store: CandleStore;
  /** Of each gateway. */
  readonly l0MaxBytes: number;
  /** A page showed stored rows otherwise: L1 is going to lose what it holds of the market. */
  readonly onCorrection: (market: MarketCode) => void;
}

/** The processes of a cluster, as far as they touch candles: two gateways and a worker, in the real code. */
export class Stack {
  private readonly gateways: readonly [EncodedGateway, EncodedGateway];
  readonly fetcher: PageFetcher;
  readonly news: RevisionNews;
  private readonly store: CandleStore;
  private readonly window: CandleWindow;
  private readonly folder: SeriesFolder;
  private readonly terms = {
    signal: new AbortController().signal,
    demand: steadyDemand(laneRank('bot')),
  };

  constructor(parts: StackParts) {
    const { time, stage, exchange, source, l0MaxBytes, onCorrection, ...tiers } = parts;
    const window = (this.window = new GatedWindow(tiers.window, stage));
    const store = (this.store = new GatedStore(tiers.store, stage, onCorrection));
    const base = { window, store, clock: time, log: silentLogger };
    const open = (): EncodedGateway =>
      new EncodedGateway(new CandleCache({ ...base, source }), time, l0MaxBytes);
    this.gateways = [open(), open()];
    this.fetcher = new PageFetcher({ ...base, exchange });
    this.news = new RevisionNews(store, window);
    this.folder = new SeriesFolder(base);
  }

  /** One of the two. */
  gateway(index: number): EncodedGateway {
    return this.gateways[index % 2 === 0 ? 0 : 1];
  }

  /** Tells both what L1 told of its changes. */
  tell(changes: readonly WindowChange[]): void {
    for (const gateway of this.gateways) gateway.hear(changes);
  }

  /** As an operator's command does it. */
  async purge(market: MarketCode): Promise<void> {
    for (const { series, revision } of await this.store.purge(market)) {
      await this.window.expectRevision(series, revision);
    }
  }

  /** As whoever preloads does it: L1 is told what to keep, and nothing else any more. */
  async prefer(wishes: readonly WindowWish[]): Promise<void> {
    await this.window.prefer(wishes);
  }

  /** What a worker does with a job. */
  async work(target: LoadTarget): Promise<void> {
    const job = jobOf(target);
    if (job.kind === 'fold') await this.folder.fold(job, this.terms.signal);
    else await this.fetcher.fetch(job, this.terms);
  }
}
