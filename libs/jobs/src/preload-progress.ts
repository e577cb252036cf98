import { keys, type RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { type Job, Queue } from 'bullmq';
import { PRELOAD_QUEUE, preloadId, type PreloadJob } from './preload-job';

/** Says how far a job is. */
export interface PreloadWork {
  /** Shows `{ done, total }` on the job and as an event of the queue. Never rejects: work does not fail because nobody could be told. */
  progress(done: number, total: number): Promise<void>;
}

export interface PreloadProgressParts {
  /** Connection to the queue server. */
  readonly redis: RedisConnection;
  readonly log: Logger;
}

/** Tells the queue how far its running jobs are. Only what was added has an id to be found by; of what comes round nothing is told. */
export class PreloadProgress {
  private readonly queue: Queue<PreloadJob>;

  constructor(private readonly parts: PreloadProgressParts) {
    const { redis, log } = parts;
    this.queue = new Queue(PRELOAD_QUEUE, { connection: redis, prefix: keys.queuePrefix });
    this.queue.on('error', (error) => {
      log.warn('telling the progress of preloads reports an error', { error });
    });
  }

  /** For one run of one job. */
  of(job: PreloadJob): PreloadWork {
    let found: Promise<Job<PreloadJob> | undefined> | undefined;
    return {
      progress: async (done, total) => {
        try {
          found ??= this.find(preloadId(job));
          await (await found)?.updateProgress({ done, total });
        } catch (error) {
          found = undefined;
          this.parts.log.debug(`the progress of ${preloadId(job)} was not told`, { error });
        }
      },
    };
  }

  async close(): Promise<void> {
    await this.queue.close();
  }

  /** While a job waits or runs its deduplication id leads to it. */
  private async find(id: string): Promise<Job<PreloadJob> | undefined> {
    const jobId = await this.queue.getDeduplicationJobId(id);
    return jobId === null ? undefined : await this.queue.getJob(jobId);
  }
}
