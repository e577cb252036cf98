import { serverTimeMs } from '@candlekeep/redis';
import { PRELOAD_QUEUE, preloadId, type PreloadJob, preloadJobSchema } from './preload-job';
import { PreloadProgress, type PreloadWork } from './preload-progress';
import { type ConsumerParts, QueueConsumer } from './queue-consumer';

export interface PreloadConsumerParts extends Omit<ConsumerParts<PreloadJob>, 'handle'> {
  /** Does one job. May run twice for one job, also at the same time; must change nothing then. Ends soon after `signal` aborts. */
  readonly handle: (job: PreloadJob, signal: AbortSignal, work: PreloadWork) => Promise<void>;
}

/** Jobs that a worker takes at once by default. Their calls go in a late lane and share fetches with everybody. */
const CONCURRENCY = 32;
/** A run remembers how far it came, and nobody waits for the rest: there is nothing to wait for. */
const DRAIN_MS = 0;
/** Late wishes are told of at most so often, ms. */
const LATE_EVERY_MS = 10 * 60_000;
const LATE =
  'early questions come to this worker when it is too late for them: if it goes on, the queue of preloads is long or the workers are too few';

type Ending = 'done' | 'dropped';

/** The working side of the preload queue. */
export class PreloadConsumer {
  private readonly consumer: QueueConsumer<PreloadJob, Ending>;
  private progress: PreloadProgress | undefined;
  private late = 0;
  private lateToldMonotonicMs = -Infinity;

  /** Default concurrency 32; by default a stop aborts running jobs at once. */
  constructor(private readonly parts: PreloadConsumerParts) {
    const traits = {
      ...{ queue: PRELOAD_QUEUE, schema: preloadJobSchema, nameOf: preloadId },
      wasDropped: (ending: Ending) => ending === 'dropped',
    };
    this.consumer = new QueueConsumer(traits, {
      ...{ concurrency: CONCURRENCY, drainMs: DRAIN_MS },
      ...parts,
      handle: (job, signal) => this.run(job, signal),
    });
  }

  /** Wishes that this process came to when nobody wanted them any more. */
  get lateWishes(): number {
    return this.late;
  }

  /** Begins to take jobs. */
  async start(): Promise<void> {
    this.progress = new PreloadProgress(this.parts);
    await this.consumer.start();
  }

  /** Takes no more jobs and tells running ones to stop; another worker goes on with them. */
  async close(): Promise<void> {
    await this.consumer.close();
    await this.progress?.close();
  }

  private async run(job: PreloadJob, signal: AbortSignal): Promise<Ending> {
    if (await this.isLate(job)) {
      this.drop(job);
      return 'dropped';
    }
    const silent = { progress: () => Promise.resolve() };
    await this.parts.handle(job, signal, this.progress?.of(job) ?? silent);
    return 'done';
  }

  private drop(job: PreloadJob): void {
    const { clock, log } = this.parts;
    this.late += 1;
    log.debug(`${preloadId(job)} was dropped: its time had passed`);
    const nowMs = clock.monotonicMs();
    if (nowMs - this.lateToldMonotonicMs < LATE_EVERY_MS) return;
    this.lateToldMonotonicMs = nowMs;
    log.warn(LATE, { lateWishes: this.late });
  }

  /** By the queue server's clock, the one that wishes are counted by. */
  private async isLate(job: PreloadJob): Promise<boolean> {
    if (job.kind !== 'wish') return false;
    return (await serverTimeMs(this.parts.redis)) > job.untilMs;
  }
}
