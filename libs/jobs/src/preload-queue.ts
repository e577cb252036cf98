import type { Clock } from '@candlekeep/clock';
import { keys, type RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { Queue } from 'bullmq';
import { dropOrphan } from './broken-jobs';
import {
  checkPreloadJob,
  PRELOAD_QUEUE,
  preloadId,
  type PreloadJob,
  preloadOptions,
} from './preload-job';
import type { PreloadSchedule } from './preload-schedule';
import { PreloadSchedulers, type Reconciled } from './preload-schedulers';
import { QueueMender } from './queue-mender';
import { queueKey } from './queue-parts';

/** What became of a job: `equal`, one like it waits, runs or is to be tried again; `full`, 1,000 jobs wait, and this is a wish. */
export type AddedPreload = 'added' | 'equal' | 'full';

export interface PreloadQueueParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Jobs that may wait when one more wish is let in. */
const ROOM_FOR_WISHES = 1_000;

/** The asking side of the preload queue. */
export class PreloadQueue {
  private readonly queue: Queue<PreloadJob>;
  private readonly schedulers: PreloadSchedulers;
  private readonly mender: QueueMender;

  constructor(private readonly parts: PreloadQueueParts) {
    const { redis } = parts;
    this.queue = new Queue(PRELOAD_QUEUE, { connection: redis, prefix: keys.queuePrefix });
    this.mender = new QueueMender({ ...parts, queue: PRELOAD_QUEUE });
    this.queue.on('error', (error) => {
      this.mender.heed(error);
    });
    this.schedulers = new PreloadSchedulers({ ...parts, queue: this.queue });
  }

  /**
   * Adds the job, unless an equal one is there or there is no room. Rejects with `InvalidValue` for one that no worker would take. What stands
   * in the queue and is none of ours is taken away.
   */
  async add(job: PreloadJob): Promise<AddedPreload> {
    const checked = checkPreloadJob(job);
    const name = queueKey(PRELOAD_QUEUE, `de:${preloadId(checked)}`);
    return await this.mender.with(async () => {
      if (checked.kind === 'wish' && (await this.queue.count()) >= ROOM_FOR_WISHES) return 'full';
      const equal = await this.tryToAdd(checked);
      if (equal === undefined) return 'added';
      const isNoneLeft = await dropOrphan(this.parts.redis, this.queue, equal);
      return isNoneLeft && (await this.tryToAdd(checked)) === undefined ? 'added' : 'equal';
    }, [name]);
  }

  /**
   * Makes the schedules exactly these: adds what is missing or has lost its next job, changes what differs, removes what is too
   * much. What is right keeps its next run. For one process at a time; two at once do no harm. Rejects with `InvalidValue` for a
   * schedule that could not stand, before anything is changed.
   */
  async reconcile(wanted: readonly PreloadSchedule[]): Promise<Reconciled> {
    return await this.mender.with(() => this.schedulers.reconcile(wanted));
  }

  /** What comes round, the soonest first; `nextMs` is epoch ms. */
  async schedules(): Promise<readonly { readonly id: string; readonly nextMs: number }[]> {
    return await this.schedulers.list();
  }

  /** Leaves the queue; the connection belongs to whoever opened it. */
  async close(): Promise<void> {
    await this.queue.close();
  }

  /** The id of the equal job that is there; undefined when there was none. */
  private async tryToAdd(job: PreloadJob): Promise<string | undefined> {
    const jobId = this.parts.clock.token();
    const deduplication = { id: preloadId(job) };
    const options = { ...preloadOptions(job.kind), jobId, deduplication };
    const { id } = await this.queue.add(job.kind, job, options);
    return id === jobId ? undefined : id;
  }
}
