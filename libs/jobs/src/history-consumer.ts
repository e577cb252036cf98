import { HISTORY_QUEUE, historyId, type HistoryJob, historyJobSchema } from './history-job';
import { type ConsumerParts, QueueConsumer } from './queue-consumer';

/** Jobs that a worker takes at once by default. Their calls go in the last lanes, so many at once hold up nobody who waits. */
export const HISTORY_CONCURRENCY = 24;
/** A job may run for hours; it remembers how far it came, so there is nothing to wait for. */
const DRAIN_MS = 0;

/** The working side of the history queue. */
export class HistoryConsumer {
  private readonly consumer: QueueConsumer<HistoryJob>;

  /** Default concurrency {@link HISTORY_CONCURRENCY}; by default a stop aborts running jobs at once. */
  constructor(parts: ConsumerParts<HistoryJob>) {
    const traits = { queue: HISTORY_QUEUE, schema: historyJobSchema, nameOf: historyId };
    this.consumer = new QueueConsumer(traits, {
      ...{ concurrency: HISTORY_CONCURRENCY, drainMs: DRAIN_MS },
      ...parts,
    });
  }

  /** Begins to take jobs. */
  async start(): Promise<void> {
    await this.consumer.start();
  }

  /** Takes no more jobs and tells running ones to stop; another worker goes on with them. */
  async close(): Promise<void> {
    await this.consumer.close();
  }
}
