import { keys, type RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { Queue } from 'bullmq';
import { QUEUE_NAMES } from './queue-names';

/** How many jobs of one queue stand where. */
export interface QueueDepth {
  readonly name: (typeof QUEUE_NAMES)[number];
  /** For their turn. */
  readonly waiting: number;
  /** Under way in a worker. */
  readonly active: number;
  /** For their time: schedules, and what is to be tried again. */
  readonly delayed: number;
  /** Kept to be looked at; the oldest go. */
  readonly failed: number;
}

/** Counts the jobs of every queue. */
export class QueueDepths {
  private readonly queues;

  /** @param redis `command` connection to the queue server */
  constructor({ redis, log }: { readonly redis: RedisConnection; readonly log: Logger }) {
    this.queues = QUEUE_NAMES.map((name) => {
      const queue = new Queue(name, { connection: redis, prefix: keys.queuePrefix });
      queue.on('error', (error) => {
        log.warn(`the ${name} queue reports an error`, { error });
      });
      return { name, queue };
    });
  }

  /** Rejects with ioredis' error. */
  async read(): Promise<readonly QueueDepth[]> {
    return await Promise.all(
      this.queues.map(async ({ name, queue }): Promise<QueueDepth> => {
        const counts = await queue.getJobCounts();
        const of = (...states: readonly string[]): number =>
          states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
        return {
          name,
          waiting: of('waiting', 'prioritized', 'paused', 'waiting-children'),
          active: of('active'),
          delayed: of('delayed'),
          failed: of('failed'),
        };
      }),
    );
  }

  /** Leaves the queues; the connection belongs to whoever opened it. */
  async close(): Promise<void> {
    await Promise.all(this.queues.map(({ queue }) => queue.close()));
  }
}
