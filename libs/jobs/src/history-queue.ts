import type { Clock } from '@candlekeep/clock';
import { keys, type RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { type JobsOptions, Queue } from 'bullmq';
import { dropOrphan } from './broken-jobs';
import { HISTORY_QUEUE, historyId, type HistoryJob } from './history-job';
import { QueueMender } from './queue-mender';
import { queueKey } from './queue-parts';

export interface HistoryQueueParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
}

/** All processes together add at most one of a kind in this time, ms. */
const EVERY_MS = { reconcile: 60_000, compress: 24 * 3_600_000 } as const;
const TASK_ATTEMPTS = 3;
const BACKOFF_MS = 1_000;
const KEPT_FAILURES = 100;

/** The asking side of the history queue. Adding is cheap and may be repeated by anyone at any time: equal work is one job. */
export class HistoryQueue {
  private readonly queue: Queue<HistoryJob>;
  private readonly mender: QueueMender;

  constructor(private readonly parts: HistoryQueueParts) {
    this.queue = new Queue(HISTORY_QUEUE, { connection: parts.redis, prefix: keys.queuePrefix });
    this.mender = new QueueMender({ ...parts, queue: HISTORY_QUEUE });
    this.queue.on('error', (error) => {
      this.mender.heed(error);
    });
  }

  /**
   * Adds the job and says whether it did: not while the same task waits, runs or is to be tried again, and not again
   * within a minute for a reconciliation and a day for a compression. What stands in the queue and is none of ours is taken away.
   */
  async add(job: HistoryJob): Promise<boolean> {
    const name = queueKey(HISTORY_QUEUE, `de:${historyId(job)}`);
    return await this.mender.with(async () => {
      const equal = await this.tryToAdd(job);
      if (equal === undefined) return true;
      const isNoneLeft = await dropOrphan(this.parts.redis, this.queue, equal);
      return isNoneLeft && (await this.tryToAdd(job)) === undefined;
    }, [name]);
  }

  /** Leaves the queue; the connection belongs to whoever opened it. */
  async close(): Promise<void> {
    await this.queue.close();
  }

  /** The id of the equal job that is there; undefined when there was none. */
  private async tryToAdd(job: HistoryJob): Promise<string | undefined> {
    const jobId = this.parts.clock.token();
    const { id } = await this.queue.add(job.kind, job, { jobId, ...optionsOf(job) });
    return id === jobId ? undefined : id;
  }
}

/** What comes round again is not repeated when it fails. */
function optionsOf(job: HistoryJob): JobsOptions {
  const id = historyId(job);
  const kept = { removeOnComplete: true, removeOnFail: { count: KEPT_FAILURES } };
  if (job.kind !== 'task') return { ...kept, deduplication: { id, ttl: EVERY_MS[job.kind] } };
  const backoff = { type: 'exponential', delay: BACKOFF_MS, jitter: 1 };
  return { ...kept, deduplication: { id }, attempts: TASK_ATTEMPTS, backoff };
}
