import type { Clock } from '@candlekeep/clock';
import { CandlekeepError } from '@candlekeep/market';
import { keys, type RedisConnection } from '@candlekeep/redis';
import { background, type Logger } from '@candlekeep/telemetry';
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { failedEnding, type FetchEnding } from './fetch-ending';
import { FETCH_QUEUE, fetchId, type FetchJob, fetchJobSchema } from './fetch-job';

export interface FetchConsumerParts {
  /** `blocking` connection to the queue server. */
  readonly redis: RedisConnection;
  /** `command` connection to the same server, for the endings. */
  readonly publisher: RedisConnection;
  /** Does one fetch: what it brings is in the tiers when it resolves. May run twice for one job; must change nothing then. */
  readonly handle: (job: FetchJob, signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Fetches under way at once. Default 10: more could not pass the limiter within a second. */
  readonly concurrency?: number;
  /** How long running fetches may go on after a stop was asked, ms. Default 8,000. */
  readonly drainMs?: number;
}

const CONCURRENCY = 10;
/** A worker that dies holds its jobs no longer than about this, ms. */
const LOCK_MS = 5_000;
const STALLED_CHECK_MS = 3_000;
const MAX_STALLED = 3;
const DRAIN_MS = 8_000;

/** The working side of the fetch queue: runs the handler, then tells everyone who waits, after the job has left the queue. */
export class FetchConsumer {
  private readonly worker: Worker<FetchJob>;

  constructor(private readonly parts: FetchConsumerParts) {
    this.worker = new Worker<FetchJob>(FETCH_QUEUE, this.process, {
      connection: parts.redis,
      prefix: keys.queuePrefix,
      autorun: false,
      concurrency: parts.concurrency ?? CONCURRENCY,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: MAX_STALLED,
    });
    this.worker.on('completed', ({ data }) => {
      this.publish({ id: fetchId(data), kind: 'done' });
    });
    this.worker.on('failed', (job, error) => {
      this.onFailed(job, error);
    });
    this.worker.on('error', (error) => {
      parts.log.warn('the fetch worker reports an error', { error });
    });
  }

  /** Begins to take jobs. */
  async start(): Promise<void> {
    await this.worker.waitUntilReady();
    background(this.parts.log, 'taking fetch jobs', this.worker.run());
  }

  /** Takes no more jobs, lets running ones end for `drainMs`, then aborts them; another worker runs an aborted job. */
  async close(): Promise<void> {
    const drained = new AbortController();
    const overdue = this.parts.clock.sleep(this.parts.drainMs ?? DRAIN_MS, drained.signal).then(
      () => {
        this.worker.cancelAllJobs('the worker is stopping');
      },
      () => undefined,
    );
    await this.worker.close();
    drained.abort();
    await overdue;
  }

  /** BullMQ hands over a signal only to a function that declares three parameters. */
  private readonly process = async (
    job: Job<FetchJob>,
    token: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> => {
    const parsed = fetchJobSchema.safeParse(job.data);
    if (!parsed.success) throw new UnrecoverableError(`not a fetch job: ${parsed.error.message}`);
    const stop = signal ?? new AbortController().signal;
    try {
      await this.parts.handle(parsed.data, stop);
    } catch (error) {
      if (stop.aborted) await handBack(job, token);
      if (error instanceof CandlekeepError && !error.retryable) throw new FinalFailure(error);
      throw error;
    }
  };

  private onFailed(job: Job<FetchJob> | undefined, thrown: Error): void {
    const parsed = fetchJobSchema.safeParse(job?.data);
    if (job === undefined || !parsed.success) {
      this.parts.log.error('dropped something that is no fetch job', { error: thrown });
      return;
    }
    const error = thrown instanceof FinalFailure ? thrown.reason : thrown;
    const id = fetchId(parsed.data);
    const isFinal = job.finishedOn !== undefined;
    this.parts.log.warn(`fetch ${id} failed${isFinal ? '' : ', will be tried again'}`, { error });
    if (isFinal) this.publish(failedEnding(id, error));
  }

  private publish(ending: FetchEnding): void {
    const { publisher, log } = this.parts;
    const channel = keys.readyChannel(publisher.options.db ?? 0);
    background(
      log,
      `telling the end of ${ending.id}`,
      publisher.publish(channel, JSON.stringify(ending)),
    );
  }
}

/** An error that trying again cannot mend. */
class FinalFailure extends UnrecoverableError {
  constructor(readonly reason: CandlekeepError) {
    super(reason.message);
  }
}

/** Puts a job that this worker must leave back to the front, for another worker, without counting an attempt. */
async function handBack(job: Job<FetchJob>, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}
