import {
  CandleCache,
  type CandleQuery,
  type CandleSource,
  type CandleStore,
  type CandleWindow,
  FailureLog,
  LATEST_MS,
  PAGE_ROWS,
} from '@candlekeep/candle-cache';
import { type Clock, unlessAborted } from '@candlekeep/clock';
import { CandlekeepError, type MarketCode, type Series, Timeframe } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import type { PreloadBudget } from '../budget/preload-budget';
import { BudgetedSource } from './budgeted-source';
import { type EarlyQuestion, queryOf } from './early-question';

export interface WarmerParts {
  readonly window: CandleWindow;
  readonly store: CandleStore;
  readonly source: CandleSource;
  readonly budget: Pick<PreloadBudget, 'take' | 'giveBack'>;
  /** The time by which "newest" is meant, epoch ms. */
  readonly nowMs: () => Promise<number>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Early questions come each minute, ms. */
const QUIET_MS = 120_000;
/** A depth is asked for the sake of its old rows: what has only just closed may be known as of so long ago, ms. Who comes for that looks himself. */
const NEWEST_AGE_MS = 60_000;
/** Streams are followed minute by minute; one that has shown nothing for so long is not believed, ms. */
const MINUTE = Timeframe.parse('1m');
const MOST_SILENT_MS = 2_000;
const OUT_OF_BUDGET =
  'the budget of preloading does not allow an early call; callers are served as always';

/** How much an early question is worth. */
export interface WarmTerms {
  /** Share of the call budget, 0 to 1, that must stay for worthier uses. Default 0. */
  readonly reserve?: number;
  /** How long it may take, ms. Default 8,000. */
  readonly patienceMs?: number;
  /** Nobody waits any more once it aborts; what is under way comes to its end by itself. */
  readonly signal?: AbortSignal;
}

/** What it took. */
export interface Warmed {
  /** Calls of the exchange. */
  readonly calls: number;
  /** Rows that are at hand now. */
  readonly rows: number;
}

/** How many rows of a series are wanted. */
export interface WarmDepth {
  readonly series: Series;
  readonly candles: number;
}

/** How far {@link Warmer.warmDepth} goes for the newest page. */
export interface DepthTerms extends WarmTerms {
  /** True: the exchange is not asked for the newest page, since whoever looks at the present brings it anyway. Default false. */
  readonly leavesNewest?: boolean;
}

/**
 * Asks what somebody is expected to ask, early and in the last lane but two: whatever the tiers lack for the answer is brought into
 * L1 on the cheapest way that the planner knows, and what is known costs nothing.
 */
export class Warmer {
  /** One for all early questions, so that a tier that is away is told of once. */
  private readonly failures: FailureLog;

  constructor(private readonly parts: WarmerParts) {
    const { clock, log } = parts;
    this.failures = new FailureLog({ clock, log, quietMs: QUIET_MS });
  }

  /** Rejects as a read does, and with `PreloadBudgetSpent`. */
  async warm(question: EarlyQuestion, terms: WarmTerms = {}): Promise<Warmed> {
    const nowMs = await this.parts.nowMs();
    const query = queryOf(question, nowMs);
    const { maxAgeMs } = question;
    const isEnough = query.maxAgeMs < maxAgeMs && (await this.isStreamed(question.series.market));
    const { rows, calls } = await this.read(isEnough ? { ...query, maxAgeMs } : query, terms);
    return { rows: rows.length, calls };
  }

  /**
   * The newest closed rows of a series, as many as are needed, page by page from the newest on. Ends where history begins; says after
   * each page what has been done. Rejects with the signal's reason when it aborts.
   */
  async *warmDepth(
    { series, candles }: WarmDepth,
    signal: AbortSignal,
    { leavesNewest = false, ...terms }: DepthTerms = {},
  ): AsyncGenerator<Warmed, void> {
    const newest = { series, count: PAGE_ROWS, back: 1, maxAgeMs: NEWEST_AGE_MS };
    let query = queryOf(newest, await this.parts.nowMs());
    for (let left = candles; left > 0;) {
      const count = Math.min(left, PAGE_ROWS);
      const onlyIfCached = leavesNewest && left === candles;
      const page = await this.tryRead({ ...query, count, onlyIfCached }, { ...terms, signal });
      yield { rows: page?.rows.length ?? 0, calls: page?.calls ?? 0 };
      const oldestMs =
        page === undefined
          ? series.timeframe.shift(query.beforeMs, -count)
          : page.rows.at(-1)?.openMs;
      if (oldestMs === undefined || (page !== undefined && page.rows.length < count)) return;
      left -= count;
      query = { ...query, beforeMs: Math.max(0, oldestMs) };
    }
  }

  /** The newest closed rows of a series; a failure is logged and leaves the rest to the callers themselves. Resolves with the calls. */
  async tryDepth(depth: WarmDepth, signal: AbortSignal, terms: DepthTerms = {}): Promise<number> {
    let calls = 0;
    try {
      for await (const page of this.warmDepth(depth, signal, terms)) calls += page.calls;
    } catch (error) {
      signal.throwIfAborted();
      this.spare(error, depth.series);
    }
    return calls;
  }

  /** What could not be brought early is brought when it is asked for: a failure of the trade is no more than a line in the log. */
  spare(error: unknown, { market, timeframe }: Series): void {
    if (!(error instanceof CandlekeepError)) throw error;
    const { code, message } = error;
    if (code === 'PRELOAD_BUDGET_SPENT') {
      this.failures.heed(OUT_OF_BUDGET, error);
      return;
    }
    this.parts.log.debug('candles could not be brought early', {
      ...{ market, timeframe: timeframe.code, code, message },
    });
  }

  /** Whether a stream renews the market's present in L1 by itself; also said when L1 does not answer. */
  private async isStreamed(market: MarketCode): Promise<boolean> {
    const query = { series: { market, timeframe: MINUTE }, beforeMs: LATEST_MS, limit: 1 };
    const [sight] = await this.parts.window.read([query]).catch(() => []);
    if (sight === undefined) return true;
    const { head, nowMs } = sight;
    return head?.provenance === 'stream' && head.seenAtMs >= nowMs - MOST_SILENT_MS;
  }

  /** Undefined for a page that is not known and may not be asked for. */
  private async tryRead(query: CandleQuery, terms: WarmTerms) {
    try {
      return await this.read(query, terms);
    } catch (error) {
      const isUnknown = error instanceof CandlekeepError && error.code === 'NOT_CACHED';
      if (!query.onlyIfCached || !isUnknown) throw error;
      return undefined;
    }
  }

  private async read(query: CandleQuery, { reserve = 0, patienceMs, signal }: WarmTerms) {
    signal?.throwIfAborted();
    const { source, budget } = this.parts;
    const budgeted = new BudgetedSource({ source, budget, reserve });
    const cache = new CandleCache({
      ...{ ...this.parts, source: budgeted, failures: this.failures },
      ...(patienceMs === undefined ? {} : { patienceMs }),
    });
    const { rows } = await unlessAborted(cache.read(query), signal);
    return { rows, calls: budgeted.calls };
  }
}
