import {
  type CandleStore,
  type CandleWindow,
  type Correction,
  judgePage,
  type PageEvidence,
} from '@candlekeep/candle-cache';
import {
  type Candle,
  isEmptyRange,
  isoSeconds,
  type Series,
  seriesName,
  type TimeRange,
} from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import type { TimedPage } from './exchange-look';
import { PageProof, type SecondLook } from './page-proof';
import type { RevisionNews } from './revision-news';
import { StoreOutage } from './store-outage';

/** What a page brought. */
export interface KeptPage {
  /** Opens that are known and final now; empty when the page proved nothing for good. */
  readonly covered: TimeRange;
  /** The exchange's own final rows of that range, oldest first. */
  readonly rows: readonly Candle[];
  /** Rows of slots that were unknown before. */
  readonly inserted: number;
  readonly corrections: readonly Correction[];
}

export interface PageKeeperParts {
  readonly store: CandleStore;
  readonly window: CandleWindow;
  readonly news: RevisionNews;
  readonly log: Logger;
}

const NO_TIME: TimeRange = { fromMs: 0, untilMs: 0 };
const KEPT_NOTHING: KeptPage = { covered: NO_TIME, rows: [], inserted: 0, corrections: [] };

/** Keeps pages of the exchange: L2 before L1, so that L1 never knows a final row that L2 lacks. */
export class PageKeeper {
  /** By series name, the revision of which L1 was told; some hundred bytes a series. */
  private readonly told = new Map<string, number>();
  private readonly outage: StoreOutage;

  constructor(private readonly parts: PageKeeperParts) {
    this.outage = new StoreOutage(parts.log);
  }

  /**
   * Proves the page and keeps it in both tiers. `revision` is the series' own of before the page was asked for: if a stored
   * row has changed since, nothing is kept and it rejects with the retryable `STALE_BASIS`.
   */
  async keep(read: TimedPage, revision: number, look: SecondLook): Promise<KeptPage> {
    const evidence = await new PageProof(this.parts.store, look).prove(read.page);
    if (isEmptyRange(evidence.covered)) return await this.putSight(evidence, read.askedMs);
    return await this.keepForGood(evidence, read.askedMs, revision);
  }

  /** Without L2 nothing is final, but the newest rows are as good as ever: they go into L1 alone. */
  async keepSight({ page, askedMs }: TimedPage, reason: Error): Promise<KeptPage> {
    const evidence = judgePage(page);
    // That there is nothing at all must be held against L2 before anyone hears it.
    if (evidence.head === undefined || evidence.head.fromMs === 0) throw reason;
    this.outage.begins(reason);
    return await this.putSight(evidence, askedMs);
  }

  private async putSight(evidence: PageEvidence, seenAtMs: number): Promise<KeptPage> {
    const sight = { ...evidence, covered: NO_TIME, finals: [], claimsBeginning: false };
    await this.parts.window.put(sight, { seenAtMs, provenance: 'native' });
    return KEPT_NOTHING;
  }

  private async keepForGood(
    evidence: PageEvidence,
    askedMs: number,
    revision: number,
  ): Promise<KeptPage> {
    const { store, window, news } = this.parts;
    const { series, covered, finals } = evidence;
    const saved = await store.save({
      ...{ series, covered, rows: finals, provenance: 'native', readAtMs: askedMs },
      basis: [{ timeframe: series.timeframe, revision }],
    });
    const { inserted, corrections, revision: now } = saved;
    this.outage.ends();
    if (corrections.length > 0) this.logCorrections(evidence, corrections);
    await this.tellOnce(series, now);
    await window.put(evidence, { seenAtMs: askedMs, revision: now, provenance: 'native' });
    await news.confirm(series, now);
    return { covered, rows: finals, inserted, corrections };
  }

  /**
   * Tells L1 what a correction took away, unless this process has told of the same revision. A run that failed or died after it had
   * saved leaves no correction to the next one, and the revision all the same.
   */
  private async tellOnce(series: Series, revision: number): Promise<void> {
    const name = seriesName(series);
    if (this.told.get(name) === revision) return;
    await this.parts.news.tell(series);
    this.told.set(name, revision);
  }

  private logCorrections({ series }: PageEvidence, corrections: readonly Correction[]): void {
    const counts = { native: 0, fold: 0, stream: 0, empty: 0 };
    for (const { stored, was } of corrections) counts[stored === undefined ? 'empty' : was] += 1;
    const firstMs = Math.min(...corrections.map(({ openMs }) => openMs));
    this.parts.log.warn('the exchange shows final candles otherwise than they were stored', {
      ...{ series: seriesName(series), corrections: corrections.length },
      ...{ firstOpen: isoSeconds(firstMs), was: counts },
    });
  }
}
