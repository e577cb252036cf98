import type { Clock } from '@candlekeep/clock';
import { keys, type RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { type JobsOptions, Queue } from 'bullmq';
import { HISTORY_QUEUE, historyId, type HistoryJob } from './history-job';

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

  constructor(private readonly parts: HistoryQueueParts) {
    this.queue = new Queue(HISTORY_QUEUE, { connection: parts.redis, prefix: keys.queuePrefix });
    this.queue.on('error', (error) => {
      parts.log.warn('the history queue reports an error', { error });
    });
  }

  /**
   * Adds the job and says whether it did: not while the same task waits, runs or is to be tried again, and not again
   * within a minute for a reconciliation and a day for a compression.
   */
  async add(job: HistoryJob): Promise<boolean> {
    const jobId = this.parts.clock.token();
    const added = await this.queue.add(job.kind, job, { jobId, ...optionsOf(job) });
    return added.id === jobId;
  }

  /** Leaves the queue; the connection belongs to whoever opened it. */
  async close(): Promise<void> {
    await this.queue.close();
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
