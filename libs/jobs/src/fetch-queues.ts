import type { Clock } from '@candlekeep/clock';
import { laneRank } from '@candlekeep/market';
import { forgetPoison, isPoisonedReply, keys, type RedisConnection } from '@candlekeep/redis';
import { currentRequestId, type Logger } from '@candlekeep/telemetry';
import { type Job, Queue } from 'bullmq';
import {
  FETCH_QUEUES,
  fetchId,
  type FetchJob,
  type FetchQueueName,
  type QueuedFetch,
  queueOf,
} from './fetch-job';
import type { Want } from './fetch-wants';

export interface FetchQueuesParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A job that stands for a fetch. */
export interface AddedFetch {
  readonly job: Job<QueuedFetch>;
  /** An equal one was under way; `job` is that one. */
  readonly collapsed: boolean;
}

const KEPT_FAILURES = 500;

/** The queues of fetches, as those see them who add to them. */
export class FetchQueues {
  private readonly queues: Readonly<Record<FetchQueueName, Queue<QueuedFetch>>>;

  constructor(private readonly parts: FetchQueuesParts) {
    this.queues = {
      candles: this.open('candles'),
      folds: this.open('folds'),
      texts: this.open('texts'),
    };
  }

  /** Adds the job, unless an equal one waits or runs. What stands where its deduplication key should is taken away when it is none. */
  async add(job: FetchJob, want: Want): Promise<AddedFetch> {
    try {
      return await this.tryToAdd(job, want);
    } catch (error) {
      if (!isPoisonedReply(error)) throw error;
      const key = this.queues[queueOf(job.kind)].toKey(`de:${fetchId(job)}`);
      await forgetPoison(this.parts.redis, { keys: [key], error });
      return await this.tryToAdd(job, want);
    }
  }

  /**
   * Lets a job that still waits go before those of less urgent lanes; it keeps its place when it goes before them already. By what the
   * queue says of it, not by what anybody remembers to have asked: whoever asked may have died before the queue had heard.
   */
  async raise({ id = '', data }: Job<QueuedFetch>, want: Pick<Want, 'lane'>): Promise<void> {
    const job = await this.queues[queueOf(data.job.kind)].getJob(id);
    const priority = priorityOf(want);
    if (job !== undefined && job.priority > priority) await job.changePriority({ priority });
  }

  /** Leaves the queues; the connection belongs to whoever opened it. */
  async close(): Promise<void> {
    await Promise.all(FETCH_QUEUES.map((name) => this.queues[name].close()));
  }

  private async tryToAdd(job: FetchJob, { lane, untilMs }: Want): Promise<AddedFetch> {
    const jobId = this.parts.clock.token();
    const requestId = currentRequestId();
    const added = await this.queues[queueOf(job.kind)].add(
      job.kind,
      { job, lane, untilMs, ...(requestId === undefined ? {} : { requestId }) },
      {
        jobId,
        deduplication: { id: fetchId(job) },
        priority: priorityOf({ lane }),
        removeOnComplete: true,
        removeOnFail: { count: KEPT_FAILURES },
      },
    );
    return { job: added, collapsed: added.id !== jobId };
  }

  private open(name: FetchQueueName): Queue<QueuedFetch> {
    const { redis, log } = this.parts;
    const queue = new Queue<QueuedFetch>(name, { connection: redis, prefix: keys.queuePrefix });
    queue.on('error', (error) => {
      log.warn(`the ${name} queue reports an error`, { error });
    });
    return queue;
  }
}

/** BullMQ's priorities begin at 1; what has none goes before all of them. */
function priorityOf({ lane }: Pick<Want, 'lane'>): number {
  return laneRank(lane) + 1;
}
