import type { AllQueues, NamedQueue } from './all-queues';

/** How many jobs of one queue stand where. */
export interface QueueDepth {
  readonly name: NamedQueue['name'];
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
  constructor(private readonly queues: Pick<AllQueues, 'list'>) {}

  /** Rejects with ioredis' error. */
  async read(): Promise<readonly QueueDepth[]> {
    return await Promise.all(
      this.queues.list.map(async ({ name, queue }): Promise<QueueDepth> => {
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
}
