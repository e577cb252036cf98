import type { Timeframe } from '@candlekeep/market';
import { LoadTooSlow, NoProgress, NotCached } from './cache-errors';
import type { CandleCacheParts } from './candle-cache';
import type { AnswerSource, CandleAnswer, CandleQuery } from './candle-query';
import type { LoadOutcome, LoadTarget } from './candle-source';
import { ladderQueries } from './ladder';
import { planRead } from './plan-read';
import type { Budget, ReadPlan, StoredCoverages } from './read-plan';
import { Tiers, type WindowLook } from './tiers';

/** Below the 10 s after which common clients hang up, so that they learn why. */
const PATIENCE_MS = 8_000;
/** A query of 200 rows needs a head, at most a few pages and a few folds; more loads than this mean that they do not help. */
const MAX_LOADS = 12;
/** On a thin market 200 rows lie many tiles back: after so many folds one page is the shorter way. */
const MAX_FOLDS = 4;
/** A page that was loaded and still lacks what it was chosen for will lack it again. Twice, since another's sight may have come between. */
const MAX_LOADS_OF_A_PAGE = 2;

type Complete = Extract<ReadPlan, { kind: 'complete' }>;
type Load = Exclude<ReadPlan, { kind: 'complete' }>;

const NOTHING_STORED: StoredCoverages = new Map();
const SLOWEST_FIRST: readonly AnswerSource[] = ['exchange', 'fold', 'l2'];

/** One query's way through the tiers. */
export class Journey {
  private readonly tiers: Tiers;
  private readonly startMs: number;
  private readonly patienceMs: number;
  private freshSinceMs: number | undefined;
  private readonly leantOn = new Set<AnswerSource>();
  private collapsed = false;
  /** A load that gave no word is asked for again, and then joins itself. */
  private isAskingAgain = false;
  private loads = 0;
  private readonly loadsOf = new Map<string, number>();

  constructor(
    private readonly query: CandleQuery,
    private readonly parts: CandleCacheParts,
  ) {
    this.tiers = new Tiers(parts);
    this.startMs = parts.clock.monotonicMs();
    this.patienceMs = parts.patienceMs ?? PATIENCE_MS;
  }

  /** Looks, and has loaded what is lacking, until the query is answered. */
  async run(): Promise<CandleAnswer> {
    for (;;) {
      const look = await this.tiers.lookInWindow(
        ladderQueries(this.query, this.parts.clock.nowMs()),
      );
      this.freshSinceMs ??= look.nowMs - this.query.maxAgeMs;
      const plan = await this.plan(look);
      if (plan.kind === 'complete') return this.answer(plan, look.nowMs);
      await this.load(this.targetOf(plan, look));
    }
  }

  private async plan(look: WindowLook): Promise<ReadPlan> {
    const plan = planRead(this.query, look.ladder, this.budget(look, NOTHING_STORED));
    if (plan.kind === 'complete' || this.needsNoStore(plan, look)) return plan;
    try {
      const withStore = await this.planWithStore(look);
      return isUnderWay(plan, withStore, look) ? plan : withStore;
    } catch (error) {
      // Without L2 nothing closed can be found, but the newest rows are as good as ever.
      if (plan.kind !== 'refresh-head') throw error;
      this.parts.log.warn('L2 is away: the newest rows are asked of the exchange', { error });
      return plan;
    }
  }

  /** Whether L2 cannot change the plan: it holds no heads, and what folding them takes is in L1. */
  private needsNoStore(plan: Load, { ladder }: WindowLook): boolean {
    if (plan.kind !== 'refresh-head' || plan.closesGap) return false;
    return plan.timeframe !== this.query.series.timeframe || ladder.length === 1;
  }

  private async planWithStore(look: WindowLook): Promise<ReadPlan> {
    const { ladder, stored, fillWindow } = await this.tiers.lookInStore(
      look,
      this.query.series.market,
    );
    let plan = planRead(this.query, ladder, this.budget(look, stored));
    if (plan.kind === 'fold' && this.isFoldingDone(this.targetOf(plan, look))) {
      plan = planRead(this.query, ladder, { ...this.budget(look, NOTHING_STORED), canFold: false });
    }
    if (plan.kind !== 'complete') return plan;
    this.leantOn.add('l2');
    await fillWindow();
    return plan;
  }

  private budget({ nowMs }: WindowLook, stored: StoredCoverages): Budget {
    return { nowMs, freshSinceMs: this.freshSinceMs ?? nowMs, stored, canFold: true };
  }

  /** One instant of freshness holds for the whole journey, so a load is never too old on arrival. */
  private async load(target: LoadTarget): Promise<void> {
    const { series, onlyIfCached } = this.query;
    if (onlyIfCached) throw new NotCached(series);
    const waitedMs = this.parts.clock.monotonicMs() - this.startMs;
    if (waitedMs >= this.patienceMs) throw new LoadTooSlow(series, this.patienceMs);
    if (this.isGoingInCircles(target)) throw new NoProgress(series, this.loads);
    const outcome = await this.loadOrGoOn(target, this.patienceMs - waitedMs);
    this.leantOn.add(target.kind === 'fold' ? 'fold' : 'exchange');
    if (!this.isAskingAgain) this.collapsed ||= outcome.collapsed;
    this.isAskingAgain = outcome.kind === 'no-word';
    if (outcome.kind === 'loaded') this.countLoad(target);
  }

  /** A fold that fails leaves another way. */
  private async loadOrGoOn(target: LoadTarget, waitMs: number): Promise<LoadOutcome> {
    try {
      return await this.parts.source.load(target, waitMs);
    } catch (error) {
      if (target.kind !== 'fold') throw error;
      this.parts.log.warn(`${nameOf(target)} failed, the exchange is asked instead`, { error });
      return { kind: 'loaded', collapsed: false };
    }
  }

  private targetOf(plan: Load, look: WindowLook): LoadTarget {
    const { series } = this.query;
    if (plan.kind === 'load-page') return { kind: 'page', series, untilMs: plan.untilMs };
    const rung = { market: series.market, timeframe: plan.timeframe };
    if (plan.kind === 'fold') return { kind: 'fold', series: rung, untilMs: plan.untilMs };
    return { kind: 'head', series: rung, freshSinceMs: this.sightSince(plan.timeframe, look) };
  }

  /** What the store could fold and a fold did not bring, only the exchange can tell. */
  private isFoldingDone(target: LoadTarget): boolean {
    const folds = [...this.loadsOf.keys()].filter((name) => name.startsWith('fold:'));
    return folds.length >= MAX_FOLDS || folds.includes(nameOf(target));
  }

  /** A sight that is young enough and was of no use is not what is asked for again. */
  private sightSince(timeframe: Timeframe, { ladder, nowMs }: WindowLook): number {
    const rung = ladder.find(({ series }) => series.timeframe === timeframe);
    const seen = rung?.heads.map(({ seenAtMs }) => seenAtMs).filter((ms) => ms < nowMs) ?? [];
    return Math.max(this.freshSinceMs ?? 0, ...seen.map((ms) => ms + 1));
  }

  private countLoad(target: LoadTarget): void {
    this.loads += 1;
    const name = nameOf(target);
    this.loadsOf.set(name, (this.loadsOf.get(name) ?? 0) + 1);
  }

  /** Whether the planned page, or so many loads at all, have been loaded without an answer. */
  private isGoingInCircles(target: LoadTarget): boolean {
    const ofPage = target.kind === 'page' ? (this.loadsOf.get(nameOf(target)) ?? 0) : 0;
    return this.loads >= MAX_LOADS || ofPage >= MAX_LOADS_OF_A_PAGE;
  }

  private answer({ rows, head, isFolded }: Complete, nowMs: number): CandleAnswer {
    if (isFolded) this.leantOn.add('fold');
    const source = SLOWEST_FIRST.find((tier) => this.leantOn.has(tier)) ?? 'l1';
    const asOfMs = head?.seenAtMs ?? nowMs;
    return { rows, source, collapsed: this.collapsed, asOfMs, ageMs: nowMs - asOfMs };
  }
}

/**
 * L2 is written before L1, so a series that L2 knows and whose present L1 has never seen is most likely being loaded right now: to
 * ask for the same is to join that load, to ask for its source instead would be a call of its own.
 */
function isUnderWay(fromWindow: Load, withStore: ReadPlan, { ladder }: WindowLook): boolean {
  const isRefresh = fromWindow.kind === 'refresh-head' && withStore.kind === 'refresh-head';
  return isRefresh && ladder[0].heads.length === 0;
}

function nameOf(target: LoadTarget): string {
  const until = target.kind === 'head' ? '' : String(target.untilMs);
  return `${target.kind}:${target.series.timeframe.code}:${until}`;
}
