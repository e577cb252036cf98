import {
  type CandleStore,
  type CandleWindow,
  judgePage,
  LATEST_MS,
  type MarketListCache,
  PAGE_ROWS,
  tileOf,
  type WindowSight,
} from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import type { UpbitRestClient } from '@candlekeep/exchange-client';
import { type FetchJob, type PageJob, seriesOfJob } from '@candlekeep/jobs';
import type { Series } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';

export interface FetchHandlerParts {
  readonly exchange: UpbitRestClient;
  readonly store: CandleStore;
  readonly window: CandleWindow;
  readonly marketLists: MarketListCache;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Does one fetch job: one call of the exchange, unless what it would bring is known by now. L2 before L1, so that L1 never
 * knows a final row that L2 lacks. Run twice, or killed between any two steps and run again, it leaves the same state.
 */
export class FetchHandler {
  constructor(private readonly parts: FetchHandlerParts) {}

  async handle(job: FetchJob, signal: AbortSignal): Promise<void> {
    if (job.kind === 'markets') await this.fetchMarketList(job.details, signal);
    else await this.fetchPageIfUnknown(job, signal);
  }

  /** Another job may have brought the page between the question and now. */
  private async fetchPageIfUnknown(job: PageJob, signal: AbortSignal): Promise<void> {
    const { window, clock } = this.parts;
    const series = seriesOfJob(job);
    const sight = await window.read(series, LATEST_MS, 0);
    const cacheClock = { nowMs: sight.nowMs, monotonicMs: clock.monotonicMs() };
    const isKnown =
      job.kind === 'head' ? isHeadFresh(sight, job) : await this.isTileStored(series, job.untilMs);
    if (!isKnown) await this.fetchPage(job, cacheClock, signal);
  }

  private async isTileStored(series: Series, untilMs: number): Promise<boolean> {
    const { coverage } = await this.parts.store.read(series, { beforeMs: untilMs, limit: 1 });
    const { timeframe } = series;
    return coverage.contains(tileOf(timeframe, timeframe.shift(untilMs, -1)));
  }

  private async fetchPage(
    job: PageJob,
    cacheClock: ClockReading,
    signal: AbortSignal,
  ): Promise<void> {
    const { exchange, store, window, log } = this.parts;
    const series = seriesOfJob(job);
    const bound = job.kind === 'tile' ? { toMs: job.untilMs } : {};
    const page = await exchange.getCandles({ series, ...bound, count: PAGE_ROWS, signal });
    const evidence = judgePage({ series, ...bound, requested: PAGE_ROWS, ...page });
    const { covered, finals } = evidence;
    if (covered.fromMs < covered.untilMs) {
      const { corrected } = await store.save({ series, covered, rows: finals });
      if (corrected > 0) log.warn('the exchange changed final candles', { ...job, corrected });
    }
    const sinceReadingMs = page.askedMonotonicMs - cacheClock.monotonicMs;
    await window.put(evidence, cacheClock.nowMs + sinceReadingMs);
  }

  private async fetchMarketList(details: boolean, signal: AbortSignal): Promise<void> {
    const { exchange, marketLists } = this.parts;
    if ((await marketLists.find(details)) !== undefined) return;
    const { body } = await exchange.getMarketList({ details, signal });
    await marketLists.put(details, body);
  }
}

/** The cache server's time, and this process' monotonic time when it had arrived here. */
interface ClockReading {
  readonly nowMs: number;
  readonly monotonicMs: number;
}

function isHeadFresh(
  { head, nowMs }: WindowSight,
  { freshSinceMs }: { freshSinceMs: number },
): boolean {
  return head !== undefined && head.seenAtMs >= freshSinceMs && head.seenAtMs <= nowMs;
}
