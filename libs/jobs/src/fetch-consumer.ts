import { keys, type RedisConnection } from '@candlekeep/redis';
import { background, withRequestId } from '@candlekeep/telemetry';
import { DroppedFetches } from './dropped-fetches';
import { failedEnding, type FetchEnding } from './fetch-ending';
import {
  FETCH_QUEUES,
  fetchId,
  type FetchJob,
  type FetchQueueName,
  type QueuedFetch,
  queuedFetchSchema,
} from './fetch-job';
import { DeadlinePassed } from './fetch-refusals';
import { retryUntilDeadline } from './fetch-retries';
import { FetchWants } from './fetch-wants';
import { type ConsumerParts, QueueConsumer } from './queue-consumer';
import { RunningFetches } from './running-fetches';
import type { Urgency } from './urgency';

export interface FetchConsumerParts extends Omit<
  ConsumerParts<FetchJob>,
  'handle' | 'concurrency'
> {
  /** `command` connection to the same server as `redis`, for the endings and for who wants what. */
  readonly publisher: RedisConnection;
  /** `subscriber` connection to the same server. */
  readonly subscriber: RedisConnection;
  /**
   * Does one attempt at a fetch: what it brings is in the tiers when it resolves. May run several times for one job; must
   * change nothing then. Ends soon after `signal` aborts. `urgency` may grow while it runs.
   */
  readonly handle: (job: FetchJob, signal: AbortSignal, urgency: Urgency) => Promise<void>;
  /** Jobs of each queue under way at once in this process. Default: 200 candles, 10 folds, 200 texts. */
  readonly places?: Partial<Record<FetchQueueName, number>>;
}

/** A job that waits for its permit costs next to nothing, and the most urgent gets the next one; a fold works all the time. */
const PLACES: Readonly<Record<FetchQueueName, number>> = { candles: 200, folds: 10, texts: 200 };
const DRAIN_MS = 8_000;

/** The working side of the fetch queues: runs the handler, then tells everyone who waits, after the job has left the queue. */
export class FetchConsumer {
  private readonly consumers: readonly QueueConsumer<QueuedFetch, FetchEnding>[];
  private readonly wants: FetchWants;
  private readonly running: RunningFetches;
  private readonly dropped: DroppedFetches;

  /** Default drain 8,000 ms. */
  constructor(private readonly parts: FetchConsumerParts) {
    const { publisher, subscriber, clock, log } = parts;
    this.wants = new FetchWants(publisher);
    this.running = new RunningFetches({ wants: this.wants, subscriber, clock, log });
    this.dropped = new DroppedFetches(parts);
    this.consumers = FETCH_QUEUES.map((queue) => this.consumerOf(queue));
  }

  /** Begins to take jobs. */
  async start(): Promise<void> {
    await this.running.start();
    await Promise.all(this.consumers.map((consumer) => consumer.start()));
  }

  /** Takes no more jobs, lets running ones end for the drain time, then aborts them; another worker runs an aborted job. */
  async close(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
    this.dropped.close();
  }

  private consumerOf(queue: FetchQueueName): QueueConsumer<QueuedFetch, FetchEnding> {
    const traits = {
      queue,
      schema: queuedFetchSchema,
      nameOf: ({ job }: QueuedFetch) => fetchId(job),
      wasDropped: ({ kind }: FetchEnding) => kind === 'failed',
      onDone: (_queued: QueuedFetch, ending: FetchEnding) => {
        this.publish(ending);
      },
      onFailed: ({ job }: QueuedFetch, error: Error) => {
        this.publish(failedEnding(fetchId(job), error));
      },
    };
    return new QueueConsumer(traits, {
      drainMs: DRAIN_MS,
      ...this.parts,
      concurrency: this.parts.places?.[queue] ?? PLACES[queue],
      handle: (queued, signal) => withRequestId(queued.requestId, () => this.run(queued, signal)),
    });
  }

  /** A job that nobody waits for any more has not failed: it leaves the queue like any that is done, with another ending. */
  private async run(queued: QueuedFetch, signal: AbortSignal): Promise<FetchEnding> {
    const id = fetchId(queued.job);
    try {
      await this.running.run(queued, (urgency) => this.attempt(queued.job, signal, urgency));
      return { id, kind: 'done' };
    } catch (error) {
      if (!(error instanceof DeadlinePassed)) throw error;
      this.dropped.add(id);
      return failedEnding(id, error);
    } finally {
      if (!signal.aborted) background(this.parts.log, `forgetting ${id}`, this.wants.forget(id));
    }
  }

  private async attempt(job: FetchJob, signal: AbortSignal, urgency: Urgency): Promise<void> {
    const { handle, clock, log } = this.parts;
    const onRetry = (error: unknown, afterMs: number): void => {
      log.warn(`fetch ${fetchId(job)} failed, will be tried again`, { error, afterMs });
    };
    const parts = { urgency, signal, clock, onRetry };
    await retryUntilDeadline(() => handle(job, signal, urgency), parts);
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
