import type { Clock } from '@candlekeep/clock';
import { CandlekeepError } from '@candlekeep/market';
import { keys, type RedisConnection } from '@candlekeep/redis';
import { background, failSpan, type Logger } from '@candlekeep/telemetry';
import { Job, type Telemetry, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { z } from 'zod';
import { type JobOutcome, type JobTally, waitOf } from './job-tally';
import { QueueMender } from './queue-mender';

/** What a process needs to take jobs of any queue. `R` is what the handler says of a job that is done. */
export interface ConsumerParts<T, R = void> {
  /** `blocking` connection to the queue server. */
  readonly redis: RedisConnection;
  /** Does one job. May run twice for one job; must change nothing then. Ends soon after `signal` aborts. */
  readonly handle: (job: T, signal: AbortSignal) => Promise<R>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tally?: JobTally;
  /** Jobs under way at once in this process. */
  readonly concurrency?: number;
  /** How long running jobs may go on after a stop was asked, ms. */
  readonly drainMs?: number;
  /** Is told of the jobs that are done, each in the trace of who added it. */
  readonly telemetry?: Telemetry;
}

/** One queue: its jobs, and who hears how they end. */
export interface QueueTraits<T, R = void> {
  readonly queue: string;
  readonly schema: z.ZodType<T>;
  /** The name of a job in the log. */
  readonly nameOf: (job: T) => string;
  readonly onDone?: (job: T, result: R) => void;
  /** Whether a job that is done was only dropped. Default: it was done. */
  readonly wasDropped?: (result: R) => boolean;
  /** Called when no attempt is left. */
  readonly onFailed?: (job: T, error: Error) => void;
}

/** A worker that dies holds its jobs no longer than about this, ms. */
const LOCK_MS = 5_000;
const STALLED_CHECK_MS = 3_000;
const MAX_STALLED = 3;

/**
 * Takes the jobs of one queue: parses them, runs the handler, and says how they ended after they have left the queue. A job of
 * a worker that died is run by another one; a job that a stop interrupts is handed back without counting an attempt.
 */
export class QueueConsumer<T, R = void> {
  private worker: Worker<unknown, R> | undefined;
  private mender: QueueMender | undefined;
  /** No job may go on any more. */
  private isOverdue = false;

  constructor(
    private readonly traits: QueueTraits<T, R>,
    private readonly parts: ConsumerParts<T, R> & { readonly concurrency: number; drainMs: number },
  ) {}

  /** Begins to take jobs. Nothing is opened before, so a process that refuses to start has nothing to say of this. */
  async start(): Promise<void> {
    const worker = this.open();
    this.worker = worker;
    await worker.waitUntilReady();
    background(this.parts.log, `taking ${this.traits.queue} jobs`, worker.run());
  }

  /** Takes no more jobs, lets running ones end for `drainMs`, then aborts them; another worker runs an aborted job. */
  async close(): Promise<void> {
    const { worker } = this;
    if (worker === undefined) return;
    this.mender?.close();
    const drained = new AbortController();
    const overdue = this.parts.clock.sleep(this.parts.drainMs, drained.signal).then(
      () => {
        this.isOverdue = true;
        worker.cancelAllJobs('the worker is stopping');
      },
      () => undefined,
    );
    await worker.close();
    drained.abort();
    await overdue;
  }

  private open(): Worker<unknown, R> {
    const { traits, parts } = this;
    const worker = new Worker<unknown, R>(traits.queue, this.process, {
      connection: parts.redis,
      prefix: keys.queuePrefix,
      autorun: false,
      concurrency: parts.concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLED,
      ...(parts.telemetry === undefined ? {} : { telemetry: parts.telemetry }),
    });
    worker.on('completed', ({ data }, result) => {
      this.ended(traits.wasDropped?.(result) === true ? 'dropped' : 'done');
      const parsed = traits.schema.safeParse(data);
      if (parsed.success) traits.onDone?.(parsed.data, result);
    });
    worker.on('failed', (job, error) => {
      this.onFailed(job, error);
    });
    const mender = (this.mender = new QueueMender({
      ...{ queue: traits.queue, redis: parts.redis, clock: parts.clock, log: parts.log },
      onDropped: () => {
        this.ended('refused');
      },
    }));
    mender.start();
    worker.on('error', (error) => {
      mender.heed(error);
    });
    return worker;
  }

  /** BullMQ hands over a signal only to a function that declares three parameters. */
  private readonly process = async (
    job: Job<unknown, R>,
    token: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<R> => {
    // It was on its way here when all others were told to stop, and nobody tells it.
    if (this.isOverdue) return await this.handBack(job, token);
    const parsed = this.traits.schema.safeParse(job.data);
    if (!parsed.success) {
      throw new UnrecoverableError(`not a ${this.traits.queue} job: ${parsed.error.message}`);
    }
    const stop = signal ?? new AbortController().signal;
    this.taken(job);
    const beganMs = this.parts.clock.monotonicMs();
    try {
      return await this.parts.handle(parsed.data, stop);
    } catch (error) {
      if (stop.aborted) await this.handBack(job, token);
      failSpan(error);
      if (error instanceof CandlekeepError && !error.retryable) throw new FinalFailure(error);
      throw error;
    } finally {
      this.parts.tally?.ran(this.traits.queue, this.parts.clock.monotonicMs() - beganMs);
    }
  };

  private taken(job: Job<unknown, R>): void {
    const { tally, clock } = this.parts;
    const waitedMs = waitOf(job, clock.nowMs());
    if (waitedMs !== undefined) tally?.waited(this.traits.queue, waitedMs);
  }

  private ended(outcome: JobOutcome): void {
    this.parts.tally?.ended(this.traits.queue, outcome);
  }

  /** Puts a job that this worker must leave back into the queue, for another worker, without counting an attempt. */
  private async handBack(job: Job<unknown, R>, token: string | undefined): Promise<never> {
    await job.moveToWait(token);
    this.ended('handed-back');
    await this.wakeFor(job.id ?? '').catch((error: unknown) => {
      this.parts.log.debug('a job that was handed back waits for its turn', { error });
    });
    throw new WaitingError();
  }

  /** BullMQ wakes nobody for a job with a priority that is put back; it does when a job is given its priority anew. */
  private async wakeFor(jobId: string): Promise<void> {
    const kept = this.worker && (await Job.fromId(this.worker, jobId));
    if (kept !== undefined && kept.priority > 0) await kept.changePriority(kept);
  }

  private onFailed(job: Job<unknown, R> | undefined, thrown: Error): void {
    const { traits, parts } = this;
    const parsed = traits.schema.safeParse(job?.data);
    if (job === undefined || !parsed.success) {
      this.ended('refused');
      const key = `${keys.queuePrefix}:${traits.queue}:${job?.id ?? '?'}`;
      parts.log.error(`dropped what stood under ${key}: it is no ${traits.queue} job`, {
        ...{ key, error: thrown },
      });
      return;
    }
    const error = thrown instanceof FinalFailure ? thrown.reason : thrown;
    const isFinal = job.finishedOn !== undefined;
    this.ended(isFinal ? 'failed' : 'retried');
    const name = `${traits.queue} ${traits.nameOf(parsed.data)}`;
    parts.log.warn(`${name} failed${isFinal ? '' : ', will be tried again'}`, { error });
    if (isFinal) traits.onFailed?.(parsed.data, error);
  }
}

/** An error that trying again cannot mend. */
class FinalFailure extends UnrecoverableError {
  constructor(readonly reason: CandlekeepError) {
    super(reason.message);
  }
}
