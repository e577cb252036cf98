import {
  type CandleStore,
  type CandleWindow,
  type ExchangePage,
  judgePage,
  LATEST_MS,
  PAGE_ROWS,
  type PageEvidence,
  readInstant,
  tileOf,
  type WindowSight,
} from '@candlekeep/candle-cache';
import { CandleStoreUnavailable } from '@candlekeep/candle-store';
import type { Clock } from '@candlekeep/clock';
import type { UpbitRestClient } from '@candlekeep/exchange-client';
import { type PageJob, seriesOfJob } from '@candlekeep/jobs';
import type { MarketCode, Series } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { PageProof } from './page-proof';

export interface PageFetcherParts {
  readonly exchange: UpbitRestClient;
  readonly store: CandleStore;
  readonly window: CandleWindow;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The cache server's time, and this process' monotonic time when it had arrived here. */
interface ClockReading {
  readonly nowMs: number;
  readonly monotonicMs: number;
}

/**
 * Brings one page of candles into the tiers, unless what it would bring is known by now. L2 before L1, so that L1 never knows a
 * final row that L2 lacks. Run twice, or killed between any two steps and run again, it leaves the same state.
 */
export class PageFetcher {
  constructor(private readonly parts: PageFetcherParts) {}

  async fetch(job: PageJob, signal: AbortSignal): Promise<void> {
    const { window, clock } = this.parts;
    const series = seriesOfJob(job);
    const sight = await window.read(series, LATEST_MS, 0);
    const cacheClock = { nowMs: sight.nowMs, monotonicMs: clock.monotonicMs() };
    const isKnown =
      job.kind === 'head' ? isHeadFresh(sight, job) : await this.isTileStored(series, job.untilMs);
    if (isKnown) return;
    const toMs = job.kind === 'tile' ? job.untilMs : undefined;
    const readPage = (of: Series, untilMs: number | undefined) =>
      this.readPage({ series: of, toMs: untilMs, cacheClock }, signal);
    const { page, askedMs } = await readPage(series, toMs);
    const proof = new PageProof(this.parts.store, {
      page: async (...asked) => (await readPage(...asked)).page,
      hasTraded: (market) => this.hasTraded(market, signal),
    });
    await this.keep(page, askedMs, proof);
  }

  private async isTileStored(series: Series, untilMs: number): Promise<boolean> {
    const { coverage } = await this.parts.store.read(series, { beforeMs: untilMs, limit: 1 });
    const { timeframe } = series;
    return coverage.contains(tileOf(timeframe, timeframe.shift(untilMs, -1)));
  }

  private async readPage({ series, toMs, cacheClock }: Asked, signal: AbortSignal) {
    const { exchange, clock } = this.parts;
    const bound = toMs === undefined ? {} : { toMs };
    const read = await exchange.getCandles({ series, ...bound, count: PAGE_ROWS, signal });
    const { candles, readAtMs, askedMonotonicMs } = read;
    const askedMs = seenAt(cacheClock, askedMonotonicMs);
    const tookMs = clock.monotonicMs() - askedMonotonicMs;
    const readAt = readInstant({ dateMs: readAtMs, askedMs, tookMs });
    const page: ExchangePage = { series, ...bound, requested: PAGE_ROWS, candles, readAt };
    return { page, askedMs };
  }

  private async hasTraded(market: MarketCode, signal: AbortSignal): Promise<boolean> {
    const query = `market=${market}&count=1`;
    const { status, body } = await this.parts.exchange.forward({
      ...{ path: '/v1/trades/ticks', query, signal },
    });
    return status === 200 && body !== '[]';
  }

  /** Without L2 nothing is final, but the newest rows are as good as ever: they go into L1 alone. */
  private async keep(page: ExchangePage, seenAtMs: number, proof: PageProof): Promise<void> {
    const { window, log } = this.parts;
    try {
      await window.put(await this.keepForGood(page, proof), seenAtMs);
    } catch (error) {
      const sight = judgePage(page);
      if (!(error instanceof CandleStoreUnavailable) || sight.head === undefined) throw error;
      log.error('L2 is away: only the newest rows were kept, in L1', { error });
      await window.put({ ...sight, ...nothingFinal }, seenAtMs);
    }
  }

  private async keepForGood(page: ExchangePage, proof: PageProof): Promise<PageEvidence> {
    const { store, log } = this.parts;
    const evidence = await proof.prove(page);
    const { series, covered, finals } = evidence;
    if (covered.fromMs >= covered.untilMs) return evidence;
    const { corrected } = await store.save({ series, covered, rows: finals });
    if (corrected > 0) {
      log.warn('the exchange changed final candles', { market: series.market, corrected });
    }
    return evidence;
  }
}

interface Asked {
  readonly series: Series;
  readonly toMs: number | undefined;
  readonly cacheClock: ClockReading;
}

const nothingFinal = { covered: { fromMs: 0, untilMs: 0 }, finals: [], claimsBeginning: false };

function isHeadFresh(
  { head, nowMs }: WindowSight,
  { freshSinceMs }: { freshSinceMs: number },
): boolean {
  return head !== undefined && head.seenAtMs >= freshSinceMs && head.seenAtMs <= nowMs;
}

/** When the exchange was asked, by the cache server's clock; late by nothing, early by at most one reply's way. */
function seenAt({ nowMs, monotonicMs }: ClockReading, askedMonotonicMs: number): number {
  return nowMs + askedMonotonicMs - monotonicMs;
}
