import type { CandleWindow } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import type { FetchRequester } from '@candlekeep/jobs';
import { CandlekeepError, type MarketCode, type Series } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';

export interface PageRequestsParts {
  readonly requester: Pick<FetchRequester, 'request'>;
  readonly window: Pick<CandleWindow, 'list'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Asked for at once. After a gap every market lacks a page, and the limiter is not ours alone. */
const MOST_AT_ONCE = 4;
const PATIENCE_MS = 30_000;
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 60_000;
/** Asked so often without a word, somebody must be told; and others have their turn in between. */
const PATIENT_ASKS = 10;
const NO_WORD =
  'pages that are to mend minutes do not come: does a worker run, and does it reach the exchange?';
/** How often markets were asked for is looked up again after so long, ms. */
const WORTH_FOR_MS = 60_000;

/** A page that is to be brought. */
export interface WantedPage {
  readonly series: Series;
  readonly untilMs: number;
  /** What is known of it is in doubt: the exchange is asked all the same. */
  readonly isAfresh: boolean;
}

/** Whether the page has come, and how long to wait, ms, before it is asked for again. */
interface Outcome {
  readonly hasCome: boolean;
  readonly restMs: number;
}

interface Waiting extends WantedPage {
  readonly begin: () => void;
}

/** Pages of the exchange for what the stream could not tell: as many at once as is polite, the most asked markets first. */
export class PageRequests {
  private readonly waiting: Waiting[] = [];
  private running = 0;
  private hits: ReadonlyMap<MarketCode, number> = new Map();
  private hitsUntilMonotonicMs = 0;

  constructor(private readonly parts: PageRequestsParts) {}

  /**
   * Resolves when the page that ends at `untilMs` was brought into the tiers, or was known. Rejects when the term is over, and with what
   * asking again would not mend.
   */
  async bring(page: WantedPage): Promise<void> {
    const { clock, log, signal } = this.parts;
    let failures = 0;
    let silences = 0;
    for (;;) {
      const { hasCome, restMs } = await this.ask(page, failures);
      if (hasCome) return;
      failures = restMs === 0 ? failures : failures + 1;
      silences = restMs === 0 ? silences + 1 : 0;
      if (silences === PATIENT_ASKS) log.warn(NO_WORD, { market: page.series.market });
      const pauseMs = silences < PATIENT_ASKS ? restMs : FIRST_REST_MS;
      if (pauseMs > 0) await clock.sleep(pauseMs, signal);
    }
  }

  /** Resolves when it is this page's turn. */
  private async turn(page: WantedPage): Promise<void> {
    await new Promise<void>((begin) => {
      this.waiting.push({ ...page, begin });
      void this.next();
    });
  }

  private async next(): Promise<void> {
    if (this.running >= MOST_AT_ONCE || this.waiting.length === 0) return;
    this.running += 1;
    if (this.waiting.length > 1) await this.lookUpHits();
    const worth = ({ series }: WantedPage): number => this.hits.get(series.market) ?? 0;
    this.waiting.sort((a, b) => worth(b) - worth(a));
    const chosen = this.waiting.shift();
    if (chosen === undefined) this.running -= 1;
    else chosen.begin();
  }

  /** Asks once, when it is this page's turn. One that fails makes way for others. */
  private async ask(page: WantedPage, failures: number): Promise<Outcome> {
    const { requester, log, signal } = this.parts;
    const { series, untilMs, isAfresh } = page;
    const { market, timeframe } = series;
    await this.turn(page);
    try {
      signal.throwIfAborted();
      const afresh = isAfresh ? { afresh: true as const } : {};
      const job = { kind: 'page', market, timeframe: timeframe.code, untilMs, ...afresh } as const;
      const demand = { waitMs: PATIENCE_MS, lane: 'refresh' } as const;
      const { kind } = await requester.request(job, demand);
      return { hasCome: kind === 'done', restMs: 0 };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CandlekeepError && !error.retryable) throw error;
      const restMs = restAfter(error, failures);
      log.warn(`the page that is to mend ${market} did not come`, {
        askedAgainInMs: restMs,
        error,
      });
      return { hasCome: false, restMs };
    } finally {
      this.running -= 1;
      void this.next();
    }
  }

  /** Reads of all timeframes, by market. Without them the order does not matter. */
  private async lookUpHits(): Promise<void> {
    const { window, clock, log } = this.parts;
    if (clock.monotonicMs() < this.hitsUntilMonotonicMs) return;
    this.hitsUntilMonotonicMs = clock.monotonicMs() + WORTH_FOR_MS;
    try {
      const hits = new Map<MarketCode, number>();
      for (const { series, hits: own } of await window.list()) {
        hits.set(series.market, (hits.get(series.market) ?? 0) + own);
      }
      this.hits = hits;
    } catch (error) {
      log.warn('which markets are asked for most could not be looked up', { error });
    }
  }
}

/** 5 s, 10 s … 60 s, or what the exchange has stated. */
function restAfter(error: unknown, failures: number): number {
  const statedMs = error instanceof CandlekeepError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(statedMs, Math.min(FIRST_REST_MS * 2 ** failures, LONGEST_REST_MS));
}
