import {
  CacheClockSetBack,
  SERVED_INSTEAD,
  LoadTooSlow,
  mayBeAnsweredStale,
  NoProgress,
  NotCached,
} from './cache-errors';
import type { JourneyParts } from './cache-parts';
import type { AnswerSource, CandleAnswer, CandleQuery } from './candle-query';
import type { LoadOutcome, LoadTarget } from './candle-source';
import { LoadBook, loadName } from './load-book';
import { Patience } from './patience';
import type { ReadPlan } from './read-plan';
import { type Found, Survey } from './survey';
import type { WindowLook } from './tiers';

/** A stale answer that L1 does not hold alone has so much time after a failure, ms: callers are about to hang up. */
const LAST_LOOK_MS = 1_000;
/** So many sights that came too early to be of use show that the cache server's clock was set back. */
const TOO_EARLY_LOADS = 2;
/** A sight that is further ahead than this was left by a clock that was far off: nobody waits until that has passed, ms. */
const MOST_AHEAD_MS = 60_000;
const SLOWEST_FIRST: readonly AnswerSource[] = ['exchange', 'fold', 'l2'];

/** What L1 showed, and when it was asked by this process' own clock, so that an age is rather overstated than understated. */
interface Look {
  readonly window: WindowLook;
  readonly atMonotonicMs: number;
}

/** One query's way through the tiers. */
export class Journey {
  private readonly loads: LoadBook;
  private readonly patience: Patience;
  private readonly survey: Survey;
  /** One instant of freshness holds for the whole journey, so a load is never too old on arrival. */
  private freshSinceMs: number | undefined;
  private lastLook: Look | undefined;
  private readonly leantOn = new Set<AnswerSource>();
  private collapsed = false;
  /** A load that gave no word is asked for again, and then joins itself. */
  private isAskingAgain = false;

  constructor(
    private readonly query: CandleQuery,
    private readonly parts: JourneyParts,
  ) {
    const loads = (this.loads = new LoadBook(query.count));
    const patience = (this.patience = new Patience(parts.clock, parts.patienceMs));
    this.survey = new Survey({ query, cache: parts, loads, patience });
  }

  /** Looks, and has loaded what is lacking, until the query is answered; with an older answer where the caller takes one. */
  async run(): Promise<CandleAnswer> {
    try {
      for (;;) {
        const answer = await this.step();
        if (answer !== undefined) return answer;
      }
    } catch (error) {
      const stale = mayBeAnsweredStale(error) ? await this.findAfterFailure() : undefined;
      if (stale === undefined) throw error;
      this.parts.failures.heed(SERVED_INSTEAD, error);
      return stale;
    }
  }

  /** The answer if it is known, else one load. */
  private async step(): Promise<CandleAnswer | undefined> {
    const atMonotonicMs = this.parts.clock.monotonicMs();
    const window = await this.survey.look();
    const look = { window, atMonotonicMs };
    this.lastLook = look;
    const freshSinceMs = (this.freshSinceMs ??= oldestTaken(window, this.query.maxAgeMs));
    const found = await this.survey.find(window, freshSinceMs);
    if (found.kind === 'complete') return this.answer(found, window.nowMs);
    const stale = await this.findStale(look, this.query.maxStaleMs);
    if (stale !== undefined) return stale;
    const target = this.survey.targetOf(found, window, freshSinceMs);
    this.refuseIfSetBack(found, target, window.nowMs);
    await this.load(target);
    return undefined;
  }

  /** L2 may know more than L1 did when it was looked at, a moment before; a sight that comes too early again shows that it is the clock. */
  private refuseIfSetBack(plan: ReadPlan, target: LoadTarget, nowMs: number): void {
    if (plan.kind !== 'refresh-head' || plan.notBeforeMs === undefined) return;
    if (this.loads.countOf(target) < TOO_EARLY_LOADS) return;
    throw new CacheClockSetBack(this.query.series, plan.notBeforeMs - nowMs);
  }

  private async load(target: LoadTarget): Promise<void> {
    const { series, onlyIfCached, caller: lane = 'bot' } = this.query;
    const tooSlow = (): LoadTooSlow => new LoadTooSlow(series, this.patience.totalMs);
    if (onlyIfCached) throw new NotCached(series);
    const waitMs = this.patience.leftMs;
    if (waitMs === 0) throw tooSlow();
    if (this.loads.isGoingInCircles(target)) throw new NoProgress(series, this.loads.count);
    const load = this.parts.source.load(target, { waitMs, lane });
    const outcome = await this.patience.within(this.orGoOn(target, load), tooSlow);
    this.leantOn.add(target.kind === 'fold' ? 'fold' : 'exchange');
    if (!this.isAskingAgain) this.collapsed ||= outcome.collapsed;
    this.isAskingAgain = outcome.kind === 'no-word';
    if (outcome.kind === 'loaded') this.loads.add(target);
  }

  /** A fold that fails leaves another way. */
  private async orGoOn(target: LoadTarget, load: Promise<LoadOutcome>): Promise<LoadOutcome> {
    try {
      return await load;
    } catch (error) {
      if (target.kind !== 'fold') throw error;
      this.parts.log.warn(`${loadName(target)} failed, the exchange is asked instead`, { error });
      return { kind: 'loaded', collapsed: false };
    }
  }

  /** What was known when it was looked last, for a caller who takes that instead of a failure: no server is asked but L2 where L1 does not do. */
  private async findAfterFailure(): Promise<CandleAnswer | undefined> {
    const { maxStaleMs = 0, staleIfErrorMs = 0 } = this.query;
    if (this.lastLook === undefined) return undefined;
    const patience = new Patience(this.parts.clock, LAST_LOOK_MS);
    const allowedMs = Math.max(maxStaleMs, staleIfErrorMs);
    const stale = await this.findStale(this.lastLook, allowedMs, patience);
    return stale && { ...stale, insteadOfError: stale.staleMs > 0 };
  }

  /** The answer as of the newest sight that is too old by `allowedMs` at most. */
  private async findStale(
    { window, atMonotonicMs }: Look,
    allowedMs = 0,
    patience = this.patience,
  ): Promise<CandleAnswer | undefined> {
    if (allowedMs === 0 || hasSightAhead(window)) return undefined;
    const nowMs = window.nowMs + Math.floor(this.parts.clock.monotonicMs() - atMonotonicMs);
    const sinceMs = nowMs - this.query.maxAgeMs - allowedMs;
    const found = await this.survey.findKnown(window, sinceMs, patience);
    return found && this.answer(found, nowMs);
  }

  private answer({ rows, head, isFolded, withStore }: Found, nowMs: number): CandleAnswer {
    const asOfMs = head?.seenAtMs ?? nowMs;
    const ageMs = nowMs - asOfMs;
    const isStale = asOfMs < (this.freshSinceMs ?? 0);
    if (isFolded) this.leantOn.add('fold');
    if (withStore) this.leantOn.add('l2');
    // What was waited for has not brought a stale answer.
    if (isStale) this.leantOn.delete('exchange');
    const source = SLOWEST_FIRST.find((tier) => this.leantOn.has(tier)) ?? 'l1';
    // A clock that was set back since the first look makes an old sight look young: it is stale all the same.
    const staleMs = isStale ? Math.max(1, ageMs - this.query.maxAgeMs) : 0;
    const { collapsed } = this;
    const finalUntilMs = Math.min(this.query.beforeMs, head?.fromMs ?? this.query.beforeMs);
    const age = { asOfMs, ageMs, staleMs, insteadOfError: false };
    return { rows, source, collapsed, finalUntilMs, ...age };
  }
}

/** From when on sights of the present are taken, by the cache server's clock. */
function oldestTaken(look: WindowLook, maxAgeMs: number): number {
  return hasSightAhead(look) ? look.nowMs : look.nowMs - maxAgeMs;
}

/**
 * Whether a sight is stamped later than now: it was seen before now all the same, and the clock was set back since. Others that seem
 * young enough may be older than it, and what was shown once must not go back: so the present is looked at anew.
 */
function hasSightAhead({ ladder, nowMs }: WindowLook): boolean {
  const sights = ladder.flatMap(({ heads }) => heads);
  return sights.some(({ seenAtMs }) => seenAtMs > nowMs && seenAtMs <= nowMs + MOST_AHEAD_MS);
}
