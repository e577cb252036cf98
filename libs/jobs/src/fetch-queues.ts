import type { Clock } from '@candlekeep/clock';
import { laneRank } from '@candlekeep/market';
import { keys, type RedisConnection } from '@candlekeep/redis';
import { currentRequestId, type Logger } from '@candlekeep/telemetry';
import { type Job, Queue, type Telemetry } from 'bullmq';
import { dropOrphan } from './broken-jobs';
import {
  FETCH_QUEUES,
  fetchId,
  type FetchJob,
  type FetchQueueName,
  type QueuedFetch,
  queueOf,
} from './fetch-job';
import type { Want } from './fetch-wants';
import { QueueMender } from './queue-mender';
import { queueKey } from './queue-parts';

export interface FetchQueuesParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
  /** Is told of the jobs that are added, and carries the trace into them. */
  readonly telemetry?: Telemetry;
}

/** A job that stands for a fetch. */
export interface AddedFetch {
  readonly job: Job<QueuedFetch>;
  /** An equal one was under way; `job` is that one. */
  readonly collapsed: boolean;
}

const KEPT_FAILURES = 500;

interface OpenQueue {
  readonly queue: Queue<QueuedFetch>;
  readonly mender: QueueMender;
}

/** The queues of fetches, as those see them who add to them. */
export class FetchQueues {
  private readonly queues: Readonly<Record<FetchQueueName, OpenQueue>>;

  constructor(private readonly parts: FetchQueuesParts) {
    this.queues = {
      candles: this.open('candles'),
      folds: this.open('folds'),
      texts: this.open('texts'),
    };
  }

  /** Does work on the queue of a job; once more when what stands in the queue is none of ours, after that was taken away. */
  async with<T>(job: FetchJob, work: () => Promise<T>): Promise<T> {
    const name = queueOf(job.kind);
    return await this.queues[name].mender.with(work, [queueKey(name, `de:${fetchId(job)}`)]);
  }

  /**
   * Lets a job that still waits go before those of less urgent lanes; it keeps its place when it goes before them already. By what the
   * queue says of it, not by what anybody remembers to have asked: whoever asked may have died before the queue had heard. One that is in no
   * list any more is taken away, so that whoever asks again is heard.
   */
  async raise({ id = '', data }: Job<QueuedFetch>, want: Pick<Want, 'lane'>): Promise<void> {
    const { queue } = this.queues[queueOf(data.job.kind)];
    if (await dropOrphan(this.parts.redis, queue, id)) return;
    const job = await queue.getJob(id);
    const priority = priorityOf(want);
    if (job !== undefined && job.priority > priority) await job.changePriority({ priority });
  }

  /** Leaves the queues; the connection belongs to whoever opened it. */
  async close(): Promise<void> {
    await Promise.all(FETCH_QUEUES.map((name) => this.queues[name].queue.close()));
  }

  /** Adds the job, unless an equal one waits or runs. */
  async add(job: FetchJob, { lane, untilMs }: Want): Promise<AddedFetch> {
    const jobId = this.parts.clock.token();
    const requestId = currentRequestId();
    const added = await this.queues[queueOf(job.kind)].queue.add(
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

  private open(name: FetchQueueName): OpenQueue {
    const { redis, telemetry } = this.parts;
    const queue = new Queue<QueuedFetch>(name, {
      ...{ connection: redis, prefix: keys.queuePrefix },
      ...(telemetry === undefined ? {} : { telemetry }),
    });
    const mender = new QueueMender({ ...this.parts, queue: name });
    queue.on('error', (error) => {
      mender.heed(error);
    });
    return { queue, mender };
  }
}

/** BullMQ's priorities begin at 1; what has none goes before all of them. */
function priorityOf({ lane }: Pick<Want, 'lane'>): number {
  return laneRank(lane) + 1;
}
