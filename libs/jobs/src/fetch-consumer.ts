import { keys, type RedisConnection } from '@candlekeep/redis';
import { background } from '@candlekeep/telemetry';
import { failedEnding, type FetchEnding } from './fetch-ending';
import { FETCH_QUEUE, fetchId, type FetchJob, fetchJobSchema } from './fetch-job';
import { type ConsumerParts, QueueConsumer } from './queue-consumer';

/** `handle` does one fetch: what it brings is in the tiers when it resolves. */
export interface FetchConsumerParts extends ConsumerParts<FetchJob> {
  /** `command` connection to the same server as `redis`, for the endings. */
  readonly publisher: RedisConnection;
}

/** More could not pass the limiter within a second. */
const CONCURRENCY = 10;
const DRAIN_MS = 8_000;

/** The working side of the fetch queue: runs the handler, then tells everyone who waits, after the job has left the queue. */
export class FetchConsumer {
  private readonly consumer: QueueConsumer<FetchJob>;

  /** Default concurrency 10, default drain 8,000 ms. */
  constructor(private readonly parts: FetchConsumerParts) {
    const traits = {
      queue: FETCH_QUEUE,
      schema: fetchJobSchema,
      nameOf: fetchId,
      onDone: (job: FetchJob) => {
        this.publish({ id: fetchId(job), kind: 'done' });
      },
      onFailed: (job: FetchJob, error: Error) => {
        this.publish(failedEnding(fetchId(job), error));
      },
    };
    const defaults = { concurrency: CONCURRENCY, drainMs: DRAIN_MS };
    this.consumer = new QueueConsumer(traits, { ...defaults, ...parts });
  }

  /** Begins to take jobs. */
  async start(): Promise<void> {
    await this.consumer.start();
  }

  /** Takes no more jobs, lets running ones end for the drain time, then aborts them; another worker runs an aborted job. */
  async close(): Promise<void> {
    await this.consumer.close();
  }

  private publish(ending: FetchEnding): void {
    const { publisher, log } = this.parts;
    const channel = keys.readyChannel(publisher.options.db ?? 0);
    background(
      log,
      `telling the end of ${ending.id}`,
      publisher.publish(channel, JSON.stringify(ending)),
    );
  }
}
