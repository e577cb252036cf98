import type { Clock } from '@candlekeep/clock';
import { keys, type RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { Queue } from 'bullmq';
import {
  checkPreloadJob,
  PRELOAD_QUEUE,
  preloadId,
  type PreloadJob,
  preloadOptions,
} from './preload-job';
import type { PreloadSchedule } from './preload-schedule';
import { PreloadSchedulers, type Reconciled } from './preload-schedulers';

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

  constructor(private readonly parts: PreloadQueueParts) {
    const { redis, log } = parts;
    this.queue = new Queue(PRELOAD_QUEUE, { connection: redis, prefix: keys.queuePrefix });
    this.queue.on('error', (error) => {
      log.warn('the preload queue reports an error', { error });
    });
    this.schedulers = new PreloadSchedulers({ ...parts, queue: this.queue });
  }

  /** Adds the job, unless an equal one is there or there is no room. Rejects with `InvalidValue` for one that no worker would take. */
  async add(job: PreloadJob): Promise<AddedPreload> {
    const checked = checkPreloadJob(job);
    const { kind } = checked;
    if (kind === 'wish' && (await this.queue.count()) >= ROOM_FOR_WISHES) return 'full';
    const jobId = this.parts.clock.token();
    const deduplication = { id: preloadId(checked) };
    const options = { ...preloadOptions(kind), jobId, deduplication };
    const added = await this.queue.add(kind, checked, options);
    return added.id === jobId ? 'added' : 'equal';
  }

  /**
   * Makes the schedules exactly these: adds what is missing or has lost its next job, changes what differs, removes what is too
   * much. What is right keeps its next run. For one process at a time; two at once do no harm. Rejects with `InvalidValue` for a
   * schedule that could not stand, before anything is changed.
   */
  async reconcile(wanted: readonly PreloadSchedule[]): Promise<Reconciled> {
    return await this.schedulers.reconcile(wanted);
  }

  /** What comes round, the soonest first; `nextMs` is epoch ms. */
  async schedules(): Promise<readonly { readonly id: string; readonly nextMs: number }[]> {
    return await this.schedulers.list();
  }

  /** Leaves the queue; the connection belongs to whoever opened it. */
  async close(): Promise<void> {
    await this.queue.close();
  }
}
