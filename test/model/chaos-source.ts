import {
  CandleSource,
  type LoadDemand,
  type LoadOutcome,
  type LoadTarget,
} from '@candlekeep/candle-cache';
import { assertNever, CandlekeepError, type Series, seriesName } from '@candlekeep/market';
import { Actor, Crash, type Leave, type Stage } from './stage';

/** A job that is under way: held, running, or both when it runs twice. */
export interface HeldJob {
  readonly name: string;
  readonly target: LoadTarget;
  readonly waiters: Waiter[];
  failures: number;
}

interface Waiter {
  readonly actor: Actor;
  readonly untilMs: number;
  readonly tell: (outcome: () => LoadOutcome) => void;
}

export interface ChaosSourceParts {
  readonly stage: Stage;
  /** What a worker does with a job. */
  readonly work: (target: LoadTarget) => Promise<void>;
  readonly nowMs: () => number;
  readonly onActor: (actor: Actor) => void;
  readonly onUnforeseen: (error: unknown, actor: Actor) => void;
}

/** As often as the queue tries a job. */
const ATTEMPTS = 3;
/** As the gateway's requester: a lost message costs at most this much. */
const WORD_WITHIN_MS = 1_000;

/** The queue: equal needs are one job, and nothing runs until it is said when, how far, how often, and whether at all. */
export class ChaosSource extends CandleSource {
  /** Oldest first. */
  readonly jobs: HeldJob[] = [];

  constructor(private readonly parts: ChaosSourceParts) {
    super();
  }

  override async load(target: LoadTarget, { waitMs }: LoadDemand): Promise<LoadOutcome> {
    const actor = this.parts.stage.actor;
    if (actor === undefined) throw new Error('a load from nowhere: reads of the model are actors');
    const name = nameOf(target);
    const found = this.jobs.find((job) => job.name === name);
    const job = found ?? { name, target, waiters: [], failures: 0 };
    if (found === undefined) this.jobs.push(job);
    const untilMs = this.parts.nowMs() + Math.min(waitMs, WORD_WITHIN_MS);
    actor.story.push(`wait for ${name}`);
    const outcome = await actor.wait<LoadOutcome>((tell) => {
      job.waiters.push({ actor, untilMs, tell });
    });
    return { ...outcome, collapsed: found !== undefined };
  }

  /** The job that a read waits for. */
  jobOf(actor: Actor): HeldJob | undefined {
    return this.jobs.find(({ waiters }) => waiters.some((waiter) => waiter.actor === actor));
  }

  /** A worker takes the job and goes as far as it may. */
  async run(job: HeldJob, leave: Leave): Promise<Actor> {
    const actor = new Actor(`job ${job.name}`);
    this.parts.onActor(actor);
    await this.parts.stage.begin(actor, leave, async () => {
      try {
        await this.parts.work(job.target);
        this.finish(job);
      } catch (error) {
        this.fail(job, error, actor);
      }
    });
    return actor;
  }

  /** The queue forgets the job; whoever waits hears nothing. */
  lose(job: HeldJob): void {
    this.remove(job);
    for (const { tell } of job.waiters.splice(0)) tell(() => NO_WORD);
  }

  /** Those who have waited long enough look again. */
  expire(): void {
    const nowMs = this.parts.nowMs();
    for (const job of this.jobs) {
      const over = job.waiters.filter(({ untilMs }) => untilMs <= nowMs);
      job.waiters.splice(0, Infinity, ...job.waiters.filter((waiter) => !over.includes(waiter)));
      for (const { tell } of over) tell(() => NO_WORD);
    }
  }

  private finish(job: HeldJob): void {
    this.remove(job);
    for (const { tell } of job.waiters.splice(0))
      tell(() => ({ kind: 'loaded', collapsed: false }));
  }

  private fail(job: HeldJob, error: unknown, actor: Actor): void {
    actor.story.push(`fails: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof Crash) && !(error instanceof CandlekeepError)) {
      this.parts.onUnforeseen(error, actor);
    }
    job.failures += 1;
    const isRetryable =
      error instanceof Crash || (error instanceof CandlekeepError && error.retryable);
    if (isRetryable && job.failures < ATTEMPTS) return;
    this.remove(job);
    for (const { tell } of job.waiters.splice(0)) {
      tell(() => {
        throw error;
      });
    }
  }

  private remove(job: HeldJob): void {
    const index = this.jobs.indexOf(job);
    if (index >= 0) this.jobs.splice(index, 1);
  }
}

const NO_WORD: LoadOutcome = { kind: 'no-word', collapsed: false };

function nameOf(target: LoadTarget): string {
  const of = (series: Series): string => `${target.kind} ${seriesName(series)}`;
  switch (target.kind) {
    case 'head':
      return of(target.series);
    case 'page':
    case 'fold':
      return `${of(target.series)} until ${new Date(target.untilMs).toISOString()}`;
    default:
      return assertNever(target);
  }
}
