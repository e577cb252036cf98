import type { Timeframe } from '@candlekeep/market';
import { StoreTooSlow } from './cache-errors';
import type { JourneyParts } from './cache-parts';
import type { CandleQuery } from './candle-query';
import type { LoadTarget } from './candle-source';
import { ladderQueries } from './ladder';
import type { LoadBook } from './load-book';
import type { Patience } from './patience';
import { CLOCK_SKEW_MS, planRead } from './plan-read';
import type { Budget, ReadPlan, StoredCoverages } from './read-plan';
import { Tiers, type WindowLook } from './tiers';

type Load = Exclude<ReadPlan, { kind: 'complete' }>;
/** An answer; `withStore` when L1 alone does not hold it. */
export type Found = Extract<ReadPlan, { kind: 'complete' }> & { readonly withStore: boolean };
/** An answer, or what is lacking. */
export type Finding = Found | Load;

const NOTHING_STORED: StoredCoverages = new Map();

export interface SurveyParts {
  readonly query: CandleQuery;
  readonly cache: JourneyParts;
  readonly loads: LoadBook;
  readonly patience: Patience;
}

/** What L1 and L2 have for one query, and what is to be loaded for the rest. */
export class Survey {
  private readonly tiers: Tiers;

  constructor(private readonly parts: SurveyParts) {
    this.tiers = new Tiers(parts.cache);
  }

  /**
   * L1 as it is now. Which slices of sources are looked at goes by this process' clock, for the cache server's is known only afterwards.
   * One that is further ahead than clocks may be would miss what a newer sight is folded with, and the older one would be answered: then
   * it is looked at once more.
   */
  async look(): Promise<WindowLook> {
    const { query, cache } = this.parts;
    const surelyMs = cache.clock.nowMs() - CLOCK_SKEW_MS;
    const look = await this.tiers.lookInWindow(ladderQueries(query, surelyMs));
    if (look.nowMs >= surelyMs) return look;
    return await this.tiers.lookInWindow(ladderQueries(query, look.nowMs));
  }

  /** What the look finds, with L2 where L1 does not do, for a caller who takes sights of the present from `freshSinceMs` on. */
  async find(look: WindowLook, freshSinceMs: number): Promise<Finding> {
    const { cache, patience } = this.parts;
    const budget = budgetOf(look, freshSinceMs);
    const plan = this.findInWindow(look, budget);
    if (plan.kind === 'complete' || this.needsNoStore(plan, look)) return plan;
    try {
      const withStore = await this.findWithStore(look, budget, patience);
      return isUnderWay(plan, withStore, look) ? plan : withStore;
    } catch (error) {
      // Without L2 nothing closed can be found, but the newest rows are as good as ever.
      if (plan.kind !== 'refresh-head') throw error;
      cache.failures.heed('L2 is away: the newest rows are asked of the exchange', error);
      return plan;
    }
  }

  /** The answer that takes no load; undefined where there is none, or L2 is needed for it and gives none within `patience`. */
  async findKnown(
    look: WindowLook,
    freshSinceMs: number,
    patience = this.parts.patience,
  ): Promise<Found | undefined> {
    const budget = budgetOf(look, freshSinceMs);
    const plan = this.findInWindow(look, budget);
    if (plan.kind === 'complete') return plan;
    if (this.needsNoStore(plan, look)) return undefined;
    try {
      const withStore = await this.findWithStore(look, budget, patience);
      return withStore.kind === 'complete' ? withStore : undefined;
    } catch {
      // Whoever asks goes on without it, or fails for the reason that it has already.
      return undefined;
    }
  }

  /** The load that a plan means. */
  targetOf(plan: Load, look: WindowLook, freshSinceMs: number): LoadTarget {
    const { series } = this.parts.query;
    if (plan.kind === 'load-page') return { kind: 'page', series, untilMs: plan.untilMs };
    const rung = { market: series.market, timeframe: plan.timeframe };
    if (plan.kind === 'fold') return { kind: 'fold', series: rung, untilMs: plan.untilMs };
    const sinceMs = Math.max(freshSinceMs, ...passedSights(plan.timeframe, look));
    return { kind: 'head', series: rung, freshSinceMs: sinceMs };
  }

  /** Whether L2 cannot change the plan: it holds no heads, and what folding them takes is in L1. */
  private needsNoStore(plan: Load, { ladder }: WindowLook): boolean {
    if (plan.kind !== 'refresh-head' || plan.closesGap) return false;
    return plan.timeframe !== this.parts.query.series.timeframe || ladder.length === 1;
  }

  private findInWindow({ ladder }: WindowLook, budget: Budget): Finding {
    const plan = planRead(this.parts.query, ladder, budget);
    return plan.kind === 'complete' ? { ...plan, withStore: false } : plan;
  }

  /** Rejects when L2 is away or slow. */
  private async findWithStore(
    look: WindowLook,
    budget: Budget,
    patience: Patience,
  ): Promise<Finding> {
    const { query, loads } = this.parts;
    const { ladder, stored, fillWindow } = await patience.within(
      this.tiers.lookInStore(look, query.series.market),
      () => new StoreTooSlow(query.series, patience.totalMs),
    );
    let plan = planRead(query, ladder, { ...budget, stored });
    if (plan.kind === 'fold' && loads.isFoldingDone(this.targetOf(plan, look, 0))) {
      plan = planRead(query, ladder, { ...budget, canFold: false });
    }
    if (plan.kind !== 'complete') return plan;
    const filled = fillWindow();
    if (this.parts.cache.afterwards === undefined) await filled;
    else this.parts.cache.afterwards(filled);
    return { ...plan, withStore: true };
  }
}

function budgetOf({ nowMs }: WindowLook, freshSinceMs: number): Budget {
  return { nowMs, freshSinceMs, stored: NOTHING_STORED, canFold: true };
}

/** A sight that is young enough and was of no use is not what is asked for again: from when on another one is. */
function passedSights(timeframe: Timeframe, { ladder, nowMs }: WindowLook): number[] {
  const rung = ladder.find(({ series }) => series.timeframe === timeframe);
  const seen = rung?.heads.map(({ seenAtMs }) => seenAtMs).filter((ms) => ms < nowMs) ?? [];
  return seen.map((ms) => ms + 1);
}

/**
 * L2 is written before L1, so a series that L2 knows and whose present L1 has never seen is most likely being loaded right now: to
 * ask for the same is to join that load, to ask for its source instead would be a call of its own.
 */
function isUnderWay(fromWindow: Load, withStore: Finding, { ladder }: WindowLook): boolean {
  const isRefresh = fromWindow.kind === 'refresh-head' && withStore.kind === 'refresh-head';
  return isRefresh && ladder[0].heads.length === 0;
}
