import { keys, type RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { Queue } from 'bullmq';
import { FETCH_QUEUES } from './fetch-job';
import { HISTORY_QUEUE } from './history-job';
import { PRELOAD_QUEUE } from './preload-job';

/** Every queue of the house, those that somebody waits for first. */
export const QUEUE_NAMES = [...FETCH_QUEUES, PRELOAD_QUEUE, HISTORY_QUEUE] as const;

/** One of the house's queues, to be looked at. */
export interface NamedQueue {
  readonly name: (typeof QUEUE_NAMES)[number];
  readonly queue: Queue;
}

/** Every queue of the house, opened once for whoever looks at them or shows them. */
export class AllQueues {
  readonly list: readonly NamedQueue[];

  /** @param redis `command` connection to the queue server */
  constructor({ redis, log }: { readonly redis: RedisConnection; readonly log: Logger }) {
    this.list = QUEUE_NAMES.map((name) => {
      const queue = new Queue(name, { connection: redis, prefix: keys.queuePrefix });
      queue.on('error', (error) => {
        log.warn(`the ${name} queue reports an error`, { error });
      });
      return { name, queue };
    });
  }

  /** Leaves the queues; the connection belongs to whoever opened it. */
  async close(): Promise<void> {
    await Promise.all(this.list.map(({ queue }) => queue.close()));
  }
}
