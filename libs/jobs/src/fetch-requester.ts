import type { Clock } from '@candlekeep/clock';
import { laneRank } from '@candlekeep/market';
import { keys, type RedisConnection, StrangeMessages } from '@candlekeep/redis';
import { background, inSpan, type Logger } from '@candlekeep/telemetry';
import type { Job, Telemetry } from 'bullmq';
import { type FetchDemand, patienceOf } from './fetch-demand';
import { type FetchEnding, FetchFailed, parseEnding } from './fetch-ending';
import type { FetchHurry } from './fetch-hurry';
import { checkFetchJob, fetchId, type FetchJob, type QueuedFetch } from './fetch-job';
import { FetchQueues } from './fetch-queues';
import { DEADLINE_PASSED } from './fetch-refusals';
import { FetchWaiters } from './fetch-waiters';
import { FetchWants, type RaisedWant } from './fetch-wants';
import type { Wanted } from './urgency';

export interface FetchRequesterParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  /** `subscriber` connection to the same server. */
  readonly subscriber: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
  /** Callers that may wait at once in this process. Default 2,000. */
  readonly maxWaiters?: number;
  /** Is told of the jobs that are added, and carries the trace into them. */
  readonly telemetry?: Telemetry;
}

/** How waiting ended. A failed fetch rejects with {@link FetchFailed}. */
export interface FetchOutcome {
  /** `no-word`: nothing was heard within the wait, or the job came too late for who had asked before. Look, and ask again. */
  readonly kind: 'done' | 'no-word';
  /** Somebody had asked for the same already. */
  readonly collapsed: boolean;
}

/** A request of this process that has said how a fetch is wanted and added its job. */
interface Ask extends Wanted {
  /** Whether an equal job had been added already. */
  readonly collapsed: Promise<boolean>;
}

const MAX_WAITERS = 2_000;
/** A lost message costs at most this much, ms. */
const WORD_WITHIN_MS = 1_000;
/** Who waits no longer than this beyond an ask of this process, ms, does not ask again. */
const SLACK_MS = 100;

/**
 * The asking side of the fetch queues. Equal requests of this process share one ask; equal requests of all processes share
 * one job. The wait is armed before the job is added, so an ending that comes at once is not missed.
 */
export class FetchRequester {
  private readonly queues: FetchQueues;
  private readonly waiters: FetchWaiters;
  private readonly wants: FetchWants;
  private readonly strange: StrangeMessages;
  private readonly asks = new Map<string, Ask>();

  constructor(private readonly parts: FetchRequesterParts) {
    this.queues = new FetchQueues(parts);
    this.waiters = new FetchWaiters(parts.maxWaiters ?? MAX_WAITERS);
    this.wants = new FetchWants(parts.redis);
    const line = 'ignored a message that is no ending of a fetch';
    this.strange = new StrangeMessages({ ...parts, line });
  }

  /** Subscribes to the workers' messages. Call once, before the first request. */
  async start(): Promise<void> {
    this.parts.subscriber.on('message', (channel: string, text: string) => {
      this.deliver(channel, text);
    });
    const { subscriber } = this.parts;
    await subscriber.subscribe(keys.readyChannel(subscriber.options.db ?? 0));
  }

  /**
   * Asks for a fetch and waits for its end: never longer than `demand.waitMs`, and for word at most a second. Rejects with
   * {@link FetchFailed}, `TooManyWaiters`, `QueueFull`, `InvalidValue`, or ioredis' error.
   */
  async request(job: FetchJob, demand: FetchDemand): Promise<FetchOutcome> {
    const id = fetchId(checkFetchJob(job));
    const start = { name: `wait for ${job.kind}`, facts: { 'candlekeep.fetch': id } };
    return await inSpan(start, async (span) => {
      const outcome = await this.askAndWait(id, job, demand);
      const { kind, collapsed } = outcome;
      span.tell({ 'candlekeep.outcome': kind, 'candlekeep.collapsed': collapsed });
      return outcome;
    });
  }

  /** Leaves the queues; the connections belong to whoever opened them. */
  async close(): Promise<void> {
    await this.queues.close();
  }

  private async askAndWait(id: string, job: FetchJob, demand: FetchDemand): Promise<FetchOutcome> {
    const { clock } = this.parts;
    const untilMonotonicMs = clock.monotonicMs() + patienceOf(demand);
    const wait = this.waiters.open(id);
    const ask = this.ask(id, job, { lane: demand.lane, untilMonotonicMs });
    try {
      const collapsed = await Promise.race([
        ask.collapsed,
        this.silence(untilMonotonicMs, wait.closed),
      ]);
      if (collapsed === undefined) return { kind: 'no-word', collapsed: false };
      const wordByMs = Math.min(untilMonotonicMs, clock.monotonicMs() + WORD_WITHIN_MS);
      const ending = await Promise.race([wait.word, this.silence(wordByMs, wait.closed)]);
      return { kind: hasCome(ending) ? 'done' : 'no-word', collapsed };
    } finally {
      wait.close();
      if (this.asks.get(id) === ask) this.asks.delete(id);
    }
  }

  /** Shares the ask of another caller of this process, unless the fetch is wanted more urgently or longer than it said. */
  private ask(id: string, job: FetchJob, wanted: Wanted): Ask {
    const made = this.asks.get(id);
    if (made !== undefined && covers(made, wanted)) {
      return { ...made, collapsed: made.collapsed.then(() => true) };
    }
    const ask = { ...wanted, collapsed: this.add(id, job, wanted) };
    this.asks.set(id, ask);
    return ask;
  }

  /** Adds the job unless an equal one is under way, which is hurried then; says whether it was. */
  private async add(id: string, job: FetchJob, wanted: Wanted): Promise<boolean> {
    const { clock } = this.parts;
    const waitMs = Math.max(1, Math.ceil(wanted.untilMonotonicMs - clock.monotonicMs()));
    return await this.queues.with(job, async () => {
      const want = await this.wants.raise(job, wanted.lane, waitMs);
      const added = await this.queues.add(job, want);
      if (added.collapsed) this.hurry(id, want, added.job);
      return added.collapsed;
    });
  }

  /** Lost word of it is mended by whoever still waits and asks again. */
  private hurry(id: string, want: RaisedWant, job: Job<QueuedFetch>): void {
    const { redis, log } = this.parts;
    const { lane, leftMs } = want;
    const hurry: FetchHurry = { id, lane, leftMs };
    const channel = keys.hurryChannel(redis.options.db ?? 0);
    background(log, `hurrying ${id}`, redis.publish(channel, JSON.stringify(hurry)));
    this.queues.raise(job, want).catch((error: unknown) => {
      log.debug(`${id} kept its place in the queue, or has left it`, { error });
    });
  }

  private async silence(untilMonotonicMs: number, closed: AbortSignal): Promise<undefined> {
    const { clock } = this.parts;
    const waitMs = Math.max(0, untilMonotonicMs - clock.monotonicMs());
    await clock.sleep(waitMs, closed).catch(() => undefined);
    return undefined;
  }

  private deliver(channel: string, text: string): void {
    const ending = parseEnding(text);
    if (ending === undefined) {
      this.strange.refuse(channel, text);
      return;
    }
    this.asks.delete(ending.id);
    this.waiters.tell(ending);
  }
}

function covers(made: Wanted, wanted: Wanted): boolean {
  const isAsUrgent = laneRank(made.lane) <= laneRank(wanted.lane);
  return isAsUrgent && wanted.untilMonotonicMs <= made.untilMonotonicMs + SLACK_MS;
}

/** A dropped job is no answer to who still waits: the wait has joined it a moment too late. */
function hasCome(ending: FetchEnding | undefined): boolean {
  if (ending?.kind === 'failed' && ending.code !== DEADLINE_PASSED) throw new FetchFailed(ending);
  return ending?.kind === 'done';
}
