import {
  type CandleStore,
  type CandleWindow,
  PAGE_ROWS,
  type WindowSight,
} from '@candlekeep/candle-cache';
import { CandleStoreUnavailable } from '@candlekeep/candle-store';
import type { Clock } from '@candlekeep/clock';
import type { CallTerms } from '@candlekeep/exchange-client';
import { type HeadJob, type PageJob, seriesOfJob } from '@candlekeep/jobs';
import { newestSlots, type Series } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import {
  type ClockReading,
  ExchangeLook,
  type PageExchange,
  type TimedPage,
} from './exchange-look';
import { type KeptPage, PageKeeper } from './page-keeper';
import { RevisionNews } from './revision-news';
import { sightOf } from './series-sight';

export interface PageFetcherParts {
  readonly exchange: PageExchange;
  readonly store: CandleStore;
  readonly window: CandleWindow;
  readonly clock: Clock;
  readonly log: Logger;
}

/** One page of closed candles. */
export interface PageQuestion {
  readonly series: Series;
  /** The page's 200 slots end here: an open of the timeframe. */
  readonly untilMs: number;
  /** Whether the exchange is asked even when all slots are known, so that what is stored is held against its own rows. */
  readonly evenIfKnown: boolean;
  /** So many of its newest slots make it known. Default: all 200. */
  readonly slots?: number;
}

/** How a page came out. */
export type PageOutcome =
  /** It was known already: no call was made. */
  | { readonly kind: 'known'; readonly calls: 0 }
  /** It was read and kept. `calls` counts the further looks as well that its proof needed. */
  | ({ readonly kind: 'read'; readonly calls: number } & KeptPage);

const KNOWN: PageOutcome = { kind: 'known', calls: 0 };

/**
 * Brings pages of candles into the tiers, unless what they would bring is known by now. Run twice, late, or killed between any
 * two steps and run again, it leaves the same state.
 */
export class PageFetcher {
  private readonly keeper: PageKeeper;
  private readonly news: RevisionNews;

  constructor(private readonly parts: PageFetcherParts) {
    const { store, window, log } = parts;
    this.news = new RevisionNews(store, window);
    this.keeper = new PageKeeper({ store, window, news: this.news, log });
  }

  /** Does one job. Errors are those of the tiers and the exchange; `STALE_BASIS` and the other retryable ones: run it again. */
  async fetch(job: HeadJob | PageJob, terms: CallTerms): Promise<PageOutcome> {
    const series = seriesOfJob(job);
    if (job.kind === 'head') return await this.readHead(series, job.freshSinceMs, terms);
    const { untilMs, afresh = false } = job;
    return await this.readPage({ series, untilMs, evenIfKnown: afresh }, terms);
  }

  /** Whether L2 knows the page by now. */
  async isStored({ series, untilMs, slots = PAGE_ROWS }: PageQuestion): Promise<boolean> {
    const { coverage } = await this.parts.store.read(series, { beforeMs: untilMs, limit: 0 });
    return coverage.contains(newestSlots(series.timeframe, untilMs, slots));
  }

  /** Reads one page of closed candles, at most one in flight for a caller that awaits it. */
  async readPage(question: PageQuestion, terms: CallTerms): Promise<PageOutcome> {
    const { series, untilMs, evenIfKnown } = question;
    if (!evenIfKnown && (await this.isStored(question))) {
      await this.news.tell(series);
      return KNOWN;
    }
    const revision = await this.parts.store.openRevision(series);
    const look = this.lookBy(await sightOf(series, this.parts), terms);
    const read = await look.read(series, untilMs);
    const kept = await this.keeper.keep(read, revision, look);
    return { kind: 'read', calls: look.calls, ...kept };
  }

  /** The newest rows of one minute also serve the forming candles of all longer timeframes. */
  private async readHead(
    series: Series,
    freshSinceMs: number,
    terms: CallTerms,
  ): Promise<PageOutcome> {
    const sight = await sightOf(series, this.parts);
    if (isHeadFresh(sight, freshSinceMs)) return KNOWN;
    const revision = await unlessStoreIsAway(this.parts.store.openRevision(series));
    const look = this.lookBy(sight, terms);
    const read = await look.read(series, undefined);
    const kept = await this.keepHead(read, revision, look);
    return { kind: 'read', calls: look.calls, ...kept };
  }

  private async keepHead(
    read: TimedPage,
    revision: number | CandleStoreUnavailable,
    look: ExchangeLook,
  ): Promise<KeptPage> {
    if (typeof revision !== 'number') return await this.keeper.keepSight(read, revision);
    const kept = await unlessStoreIsAway(this.keeper.keep(read, revision, look));
    return kept instanceof Error ? await this.keeper.keepSight(read, kept) : kept;
  }

  private lookBy(cacheClock: ClockReading, terms: CallTerms): ExchangeLook {
    const { exchange, clock } = this.parts;
    return new ExchangeLook({ exchange, clock, cacheClock, terms });
  }
}

function isHeadFresh({ head, nowMs }: WindowSight, freshSinceMs: number): boolean {
  return head !== undefined && head.seenAtMs >= freshSinceMs && head.seenAtMs <= nowMs;
}

async function unlessStoreIsAway<T>(work: Promise<T>): Promise<T | CandleStoreUnavailable> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CandleStoreUnavailable) return error;
    throw error;
  }
}
