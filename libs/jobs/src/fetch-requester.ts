import type { Clock } from '@candlekeep/clock';
import { keys, type RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { Queue } from 'bullmq';
import { type FetchEnding, fetchEndingSchema, FetchFailed } from './fetch-ending';
import { FETCH_QUEUE, fetchId, type FetchJob } from './fetch-job';

export interface FetchRequesterParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  /** `subscriber` connection to the same server. */
  readonly subscriber: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How waiting ended. A failed fetch rejects with {@link FetchFailed}. */
export interface FetchOutcome {
  /** `no-word`: no message within the wait. It may have been lost, so look and ask again. */
  readonly kind: 'done' | 'no-word';
  /** Somebody had asked for the same already. */
  readonly collapsed: boolean;
}

/** A lost message costs at most this much, ms. */
const WORD_WITHIN_MS = 1_000;
const ATTEMPTS = 3;
const BACKOFF_MS = 300;
const KEPT_FAILURES = 500;

type Listener = (ending: FetchEnding) => void;

/**
 * The asking side of the fetch queue. Equal requests of this process share one wait; equal requests of all processes share
 * one job. The wait is armed before the job is added, so an ending that comes at once is not missed.
 */
export class FetchRequester {
  private readonly queue: Queue<FetchJob>;
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly underWay = new Map<string, Promise<FetchOutcome>>();

  constructor(private readonly parts: FetchRequesterParts) {
    this.queue = new Queue(FETCH_QUEUE, { connection: parts.redis, prefix: keys.queuePrefix });
    this.queue.on('error', (error) => {
      parts.log.warn('the fetch queue reports an error', { error });
    });
  }

  /** Subscribes to the workers' messages. Call once, before the first request. */
  async start(): Promise<void> {
    this.parts.subscriber.on('message', (_channel: string, text: string) => {
      this.deliver(text);
    });
    const { subscriber } = this.parts;
    await subscriber.subscribe(keys.readyChannel(subscriber.options.db ?? 0));
  }

  /** Asks for a fetch and waits for its end, at most `waitMs` and at most a second. */
  async request(job: FetchJob, waitMs: number): Promise<FetchOutcome> {
    const id = fetchId(job);
    const shared = this.underWay.get(id);
    if (shared !== undefined) return { ...(await shared), collapsed: true };
    const own = this.addAndWait(id, job, Math.min(waitMs, WORD_WITHIN_MS)).finally(() => {
      if (this.underWay.get(id) === own) this.underWay.delete(id);
    });
    this.underWay.set(id, own);
    return await own;
  }

  /** Leaves the queue; the connections belong to whoever opened them. */
  async close(): Promise<void> {
    await this.queue.close();
  }

  private async addAndWait(id: string, job: FetchJob, waitMs: number): Promise<FetchOutcome> {
    const settled = new AbortController();
    const word = this.listen(id, settled.signal);
    try {
      const collapsed = await this.add(id, job);
      const ending = await Promise.race([word, this.silence(waitMs, settled.signal)]);
      if (ending === undefined) return { kind: 'no-word', collapsed };
      if (ending.kind === 'failed') throw new FetchFailed(ending);
      return { kind: 'done', collapsed };
    } finally {
      settled.abort();
    }
  }

  /** Adds the job unless an equal one is under way, and says whether it was. */
  private async add(id: string, job: FetchJob): Promise<boolean> {
    const jobId = this.parts.clock.token();
    const added = await this.queue.add(job.kind, job, {
      jobId,
      deduplication: { id },
      attempts: ATTEMPTS,
      backoff: { type: 'exponential', delay: BACKOFF_MS, jitter: 1 },
      removeOnComplete: true,
      removeOnFail: { count: KEPT_FAILURES },
    });
    return added.id !== jobId;
  }

  private async listen(id: string, done: AbortSignal): Promise<FetchEnding> {
    return await new Promise((resolve) => {
      const listeners = this.listeners.get(id) ?? new Set<Listener>();
      this.listeners.set(id, listeners.add(resolve));
      done.addEventListener('abort', () => {
        listeners.delete(resolve);
        if (listeners.size === 0 && this.listeners.get(id) === listeners) this.listeners.delete(id);
      });
    });
  }

  private async silence(waitMs: number, done: AbortSignal): Promise<undefined> {
    await this.parts.clock.sleep(waitMs, done).catch(() => undefined);
    return undefined;
  }

  private deliver(text: string): void {
    const ending = parseEnding(text);
    if (ending === undefined) {
      this.parts.log.warn('ignored a message that is no ending of a fetch', { text });
      return;
    }
    for (const listener of this.listeners.get(ending.id) ?? []) listener(ending);
  }
}

function parseEnding(text: string): FetchEnding | undefined {
  try {
    return fetchEndingSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
