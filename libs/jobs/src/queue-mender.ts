import type { Clock } from '@candlekeep/clock';
import { forgetPoison, isPoisonedReply, keys, type RedisConnection } from '@candlekeep/redis';
import { background, type Logger } from '@candlekeep/telemetry';
import { Queue } from 'bullmq';
import { findBrokenJobs, removeJob } from './broken-jobs';
import { findStrangeParts, queueKey } from './queue-parts';

export interface QueueMenderParts {
  readonly queue: string;
  /** Connection to the queue server. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of each job that was none of ours, and was dropped. */
  readonly onDropped?: () => void;
}

/** What nobody stumbles over is looked for so often, ms. */
const LOOK_EVERY_MS = 60_000;
/** Errors of one queue are told of at most so often, ms. */
const SAY_EVERY_MS = 1_000;

/**
 * Takes away what stands in a queue and is none of BullMQ's, and jobs that cannot be read. Whatever is lost with it is asked for again by
 * whoever still wants it: jobs carry questions, never answers.
 */
export class QueueMender {
  private mending: Promise<void> | undefined;
  private saidMonotonicMs = -Infinity;
  private unsaid = 0;
  private stopLooking: () => void = () => undefined;

  constructor(private readonly parts: QueueMenderParts) {}

  /** Begins to look at the queue each minute: some of what stands there wrongly only keeps the jobs of a dead worker from being run again. */
  start(): void {
    const { clock, queue, log } = this.parts;
    this.stopLooking = clock.every(LOOK_EVERY_MS, () => {
      background(log, `looking at the ${queue} queue`, this.look());
    });
  }

  /** Mends the queue if a part of it is none of BullMQ's. Rejects with ioredis' error. */
  async look(): Promise<void> {
    const { redis, queue } = this.parts;
    if (redis.status !== 'ready') return;
    if ((await findStrangeParts(redis, queue, [])).length > 0) await this.mend();
  }

  close(): void {
    this.stopLooking();
  }

  /** Takes note of an error that BullMQ reports: tells of it, now and then, and mends what it comes from. */
  heed(error: unknown): void {
    const { queue, log } = this.parts;
    if (isBroken(error)) background(log, `mending the ${queue} queue`, this.mend());
    this.say(error);
  }

  /** Does work on the queue; once more when it has met what is none of ours, after that was taken away. */
  async with<T>(work: () => Promise<T>, named: readonly string[] = []): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isBroken(error)) throw error;
      await this.mend(named);
    }
    return await work();
  }

  /**
   * Looks at the whole queue, one look at a time. Rejects with ioredis' error.
   * @param named keys that hold the name of a job, beside the queue's own
   */
  async mend(named: readonly string[] = []): Promise<void> {
    if (named.length > 0) await this.mending?.catch(() => undefined);
    this.mending ??= this.mendNow(named).finally(() => {
      this.mending = undefined;
    });
    await this.mending;
  }

  private async mendNow(named: readonly string[]): Promise<void> {
    const { queue, redis } = this.parts;
    for (const poison of await findStrangeParts(redis, queue, named)) {
      await forgetPoison(redis, poison);
    }
    for (const broken of await findBrokenJobs(redis, queue)) {
      await removeJob(redis, queue, broken.id);
      this.tellDropped(broken);
    }
    await this.removeOrphans();
    await this.wake();
  }

  /** Whoever stumbled has taken the mark that there is a job: BullMQ's workers would see it seconds later. */
  private async wake(): Promise<void> {
    const { redis, queue } = this.parts;
    await redis.zadd(queueKey(queue, 'marker'), 0, '0');
  }

  /** Jobs that stand in no list any more run never, and keep equal ones out. */
  private async removeOrphans(): Promise<void> {
    const { queue: name, redis } = this.parts;
    const queue = new Queue(name, { connection: redis, prefix: keys.queuePrefix });
    queue.on('error', () => undefined);
    try {
      await queue.removeOrphanedJobs();
    } finally {
      await queue.close();
    }
  }

  private tellDropped({ key, reason }: { readonly key: string; readonly reason: string }): void {
    const { queue, log, onDropped } = this.parts;
    log.error(`dropped what stood under ${key}: it is no ${queue} job`, { key, reason });
    onDropped?.();
  }

  private say(error: unknown): void {
    const { queue, clock, log } = this.parts;
    this.unsaid += 1;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.saidMonotonicMs < SAY_EVERY_MS) return;
    this.saidMonotonicMs = nowMs;
    log.warn(`the ${queue} queue reports an error`, { error, errors: this.unsaid });
    this.unsaid = 0;
  }
}

/** BullMQ reads jobs as JSON without a second thought. */
function isBroken(error: unknown): boolean {
  return error instanceof SyntaxError || isPoisonedReply(error);
}
