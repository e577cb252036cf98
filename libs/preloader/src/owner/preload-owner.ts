import { type CandleWindow, FailureLog } from '@candlekeep/candle-cache';
import type { PreloadJob, PreloadQueue } from '@candlekeep/jobs';
import type { Term } from '@candlekeep/lease';
import type { ServerClock } from '@candlekeep/redis';
import { background, type Logger } from '@candlekeep/telemetry';
import type { SeriesWorth } from '@candlekeep/usage';
import type { PreloadBudget } from '../budget/preload-budget';
import type { ActiveNeeds, ActiveNeedsReader } from '../foresight/active-needs';
import type { Ask } from '../foresight/ask';
import { Foreseer } from '../foresight/foreseer';
import type { PreloadPlan } from '../plan/preload-plan';
import type { RunBook } from '../runs/run-book';
import { Learner, type LearnerParts } from './learner';
import { planOf } from './plan-of';
import { schedulesFor } from './preload-schedules';
import { windowWishes } from './window-wishes';

export interface PreloadOwnerParts extends LearnerParts {
  /** Names this process to operators. */
  readonly name: string;
  /** Shows people what is preloaded, for some seconds. */
  readonly tell: (plan: PreloadPlan) => Promise<void>;
  readonly needs: Pick<ActiveNeedsReader, 'read'>;
  readonly runs: Pick<RunBook, 'listRunning'>;
  readonly queue: Pick<PreloadQueue, 'add' | 'reconcile' | 'schedules'>;
  readonly window: Pick<CandleWindow, 'prefer'>;
  readonly budget: Pick<PreloadBudget, 'read'>;
  /** The cache server's clock, by which windows are kept. */
  readonly cacheClock: ServerClock;
  readonly log: Logger;
}

const TICK_MS = 100;
const LISTEN_EVERY_MS = 250;
const PLAN_EVERY_MS = 5_000;
const NEEDS_EVERY_MS = 5_000;
const UPKEEP_EVERY_MS = 60_000;
const SAVE_EVERY_MS = 30_000;
const RUNS_EVERY_MS = 10_000;
/** When what was learned cannot be read, it is tried again after this, then after twice that, up to the longest, ms. */
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 30_000;
const LONGEST_REASON = 200;
const LEFT_OUT =
  'rows of what was learned cannot be read: they are left out, and learned anew as their questions are asked';
/** Longer than the longest pause between two attempts of anything, ms. */
const QUIET_MS = 2 * UPKEEP_EVERY_MS;

/**
 * What the holder of the lease does: learns from what gateways note, says what is to be asked early, keeps the schedules right, and
 * tells L1 what is wanted. One term of it; everything that a successor needs stands in Redis and Postgres.
 */
export class PreloadOwner {
  private readonly failures: FailureLog;
  /** Undefined until they were read: before that nothing is known to be too much. */
  private active: ActiveNeeds | undefined;
  /** As of the last upkeep. */
  private worth: readonly SeriesWorth[] = [];
  /** Early questions that were asked, and those that the queue did not take. */
  private readonly counts = { asks: 0, refused: 0 };
  /** Postgres did not answer when it was asked for strategies: that is told of, and nothing else asks it meanwhile. */
  private isStoreAway = false;
  private sinceMs = 0;
  /** Upkeep changes what all see: one after the other. */
  private upkeep: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: PreloadOwnerParts,
    private readonly term: Term,
  ) {
    const { clock, log } = parts;
    this.failures = new FailureLog({ clock, log, quietMs: QUIET_MS });
  }

  /** Ends when the term does. */
  async own(): Promise<void> {
    const { clock, log, name } = this.parts;
    const learner = await this.begin();
    if (learner === undefined) return;
    const foreseer = new Foreseer(learner.model, { tickMs: TICK_MS });
    this.sinceMs = clock.nowMs();
    if (learner.model.counts.unreadable > 0) {
      const { unreadable } = learner.model.counts;
      log.warn(LEFT_OUT, { table: 'usage_model', keys: learner.model.unreadableKeys, unreadable });
    }
    log.info('this process preloads: it learns what is asked, and has it brought early', {
      ...{ owner: name, token: this.term.token, ...learner.model.counts },
    });
    const stops = [
      this.repeat(LISTEN_EVERY_MS, 'learning from what was asked', () =>
        learner.listen((note) => {
          foreseer.heed(note);
        }),
      ),
      this.repeat(TICK_MS, 'asking early', () => this.askWhatIsDue(learner, foreseer)),
      this.repeat(NEEDS_EVERY_MS, 'looking up what strategies need', () =>
        this.lookUpNeeds(learner, foreseer),
      ),
      this.repeat(RUNS_EVERY_MS, 'keeping preload runs going', () => this.keepRuns()),
      this.repeat(UPKEEP_EVERY_MS, 'keeping schedules and windows', () => this.keepUp(learner)),
      this.repeat(SAVE_EVERY_MS, 'saving what was learned', () => this.save(learner)),
      this.repeat(PLAN_EVERY_MS, 'telling what is preloaded', () =>
        this.tellPlan(learner, foreseer),
      ),
    ];
    try {
      await untilAborted(this.term.signal);
    } finally {
      for (const stop of stops) stop();
      this.isStoreAway = false;
      await this.save(learner).catch((error: unknown) => {
        log.warn('what was learned last could not be saved', { error });
      });
    }
  }

  /** Undefined when the term is over before what was learned could be read. */
  private async begin(): Promise<Learner | undefined> {
    const { clock } = this.parts;
    for (let restMs = FIRST_REST_MS; !this.term.signal.aborted; restMs *= 2) {
      try {
        return await Learner.begin(this.parts, this.term.token);
      } catch (error) {
        this.heed('reading what was learned', error);
        const rest = clock.sleep(Math.min(restMs, LONGEST_REST_MS), this.term.signal);
        await rest.catch(() => undefined);
      }
    }
    return undefined;
  }

  private async askWhatIsDue({ nowMs }: Learner, foreseer: Foreseer): Promise<void> {
    if (nowMs === undefined) return;
    const asked = foreseer.due(nowMs).map(async (ask) => {
      if (await this.tryAsk(ask)) return;
      this.counts.refused += 1;
      foreseer.refused(ask, nowMs);
    });
    await Promise.all(asked);
  }

  /** False when nobody will ask: there is no room, or no Redis. */
  private async tryAsk(ask: Ask): Promise<boolean> {
    try {
      const added = await this.parts.queue.add(jobOf(ask));
      if (added === 'added') this.counts.asks += 1;
      return added !== 'full';
    } catch (error) {
      this.heed('asking early', error);
      return false;
    }
  }

  private async lookUpNeeds(learner: Learner, foreseer: Foreseer): Promise<void> {
    const isFirst = this.active === undefined;
    const active = await this.parts.needs.read().catch((error: unknown) => {
      this.isStoreAway = true;
      throw error;
    });
    this.isStoreAway = false;
    if (active.revision === this.active?.revision) return;
    this.active = active;
    foreseer.setNeeds(active.needs);
    const { nowMs = 0 } = learner;
    // An owner before this one has seen them asked for.
    if (isFirst) foreseer.trust(usedSeries(learner.model.worth(nowMs)), nowMs);
    await this.keepUp(learner);
  }

  private async keepRuns(): Promise<void> {
    if (this.isStoreAway) return;
    const { runs, queue } = this.parts;
    for (const { id } of await runs.listRunning()) await queue.add({ kind: 'run', runId: id });
  }

  private async keepUp(learner: Learner): Promise<void> {
    const next = this.upkeep.then(() => this.keepUpNow(learner));
    this.upkeep = next.catch(() => undefined);
    await next;
  }

  private async keepUpNow(learner: Learner): Promise<void> {
    const { active, parts } = this;
    if (active === undefined || this.term.signal.aborted) return;
    const { queue, window, cacheClock, clock } = parts;
    await queue.reconcile(schedulesFor(active.needs.map(({ series }) => series.timeframe)));
    await cacheClock.update();
    const nowMs = cacheClock.at(clock.monotonicMs()) ?? clock.nowMs();
    this.worth = learner.model.worth(nowMs);
    await window.prefer(windowWishes(active.needs, this.worth, nowMs));
  }

  /** A successor has loaded what was saved before: what this one still knows is not to overwrite it. */
  private async save(learner: Learner): Promise<void> {
    if (this.isStoreAway) return;
    if (!(await learner.save(this.term.token))) this.term.depose();
  }

  private async tellPlan(learner: Learner, foreseer: Foreseer): Promise<void> {
    const { tell, budget, queue, name, clock } = this.parts;
    const plan = planOf({
      ...{ nowMs: learner.nowMs ?? clock.nowMs(), owner: name, sinceMs: this.sinceMs },
      ...{ budget: await budget.read(), schedules: await queue.schedules() },
      ...{ needs: this.active?.needs ?? [], worth: this.worth, foreseer },
      counts: { ...learner.counts, ...this.counts },
    });
    await tell(plan);
  }

  private heed(part: string, error: unknown): void {
    const what = `${part} does not get on; it is tried again, and callers are served as always`;
    this.failures.heed(what, error);
  }

  /** At once, then every `ms`; one that finds the last still under way is left out. A failure is told of once, and the next one tries again. */
  private repeat(ms: number, name: string, work: () => Promise<void>): () => void {
    let isUnderWay = false;
    const once = (): void => {
      this.failures.settle();
      if (isUnderWay || this.term.signal.aborted) return;
      isUnderWay = true;
      const done = work()
        .catch((error: unknown) => {
          this.heed(name, error);
        })
        .finally(() => {
          isUnderWay = false;
        });
      background(this.parts.log, name, done);
    };
    once();
    return this.parts.clock.every(ms, once);
  }
}

function jobOf({ series, count, back, maxAgeMs, untilMs, why, source }: Ask): PreloadJob {
  const { market, timeframe } = series;
  return {
    ...{ kind: 'wish', market, timeframe: timeframe.code, count, back, maxAgeMs, untilMs, source },
    why: why.slice(0, LONGEST_REASON),
  };
}

function usedSeries(worth: readonly SeriesWorth[]) {
  return worth.filter(({ nextUseMs }) => nextUseMs !== undefined).map(({ series }) => series);
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const leave = (): void => {
      resolve();
    };
    signal.addEventListener('abort', leave, { once: true });
  });
}
