import type { Clock } from '@candlekeep/clock';
import { keys, type RedisConnection, StrangeMessages } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import { LONGEST_WAIT_MS } from './fetch-demand';
import { parseHurry } from './fetch-hurry';
import { fetchId, type QueuedFetch } from './fetch-job';
import { DeadlinePassed } from './fetch-refusals';
import type { FetchWants, Want } from './fetch-wants';
import { Urgency } from './urgency';

export interface RunningFetchesParts {
  readonly wants: FetchWants;
  /** `subscriber` connection to the queue server. */
  readonly subscriber: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Running {
  readonly id: string;
  readonly urgency: Urgency;
}

/** The fetches that run in this process, each with its urgency, which whoever joins them raises. */
export class RunningFetches {
  private readonly running = new Set<Running>();
  private readonly strange: StrangeMessages;

  constructor(private readonly parts: RunningFetchesParts) {
    const line = 'ignored a message that hurries no fetch';
    this.strange = new StrangeMessages({ ...parts, line });
  }

  /** Subscribes to the messages of those who join. Call once, before the first fetch. */
  async start(): Promise<void> {
    const { subscriber } = this.parts;
    subscriber.on('message', (channel: string, text: string) => {
      this.hear(channel, text);
    });
    await subscriber.subscribe(keys.hurryChannel(subscriber.options.db ?? 0));
  }

  /** Does `work` with the urgency of the fetch. Rejects with {@link DeadlinePassed}, without doing it, when nobody waits any more. */
  async run(queued: QueuedFetch, work: (urgency: Urgency) => Promise<void>): Promise<void> {
    const { lane } = queued;
    const urgency = new Urgency({ lane, untilMonotonicMs: this.parts.clock.monotonicMs() });
    const running = { id: fetchId(queued.job), urgency };
    // Heard before the record is read: what is added to the record after that comes as a message.
    this.running.add(running);
    try {
      await this.learn(running, queued);
      if (urgency.untilMonotonicMs <= this.parts.clock.monotonicMs()) {
        throw new DeadlinePassed(running.id);
      }
      await work(urgency);
    } finally {
      this.running.delete(running);
    }
  }

  /** Turns instants of the queue server into ones of this process: what the server's clock says is left, counted from before it was asked. */
  private async learn({ id, urgency }: Running, first: Want): Promise<void> {
    const { wants, clock } = this.parts;
    const askedMonotonicMs = clock.monotonicMs();
    const { nowMs, want = first } = await wants.read(id);
    for (const { lane, untilMs } of [first, want]) {
      const leftMs = Math.min(untilMs - nowMs, LONGEST_WAIT_MS);
      urgency.raise({ lane, untilMonotonicMs: askedMonotonicMs + leftMs });
    }
  }

  private hear(channel: string, text: string): void {
    const hurry = parseHurry(text);
    if (hurry === undefined) {
      this.strange.refuse(channel, text);
      return;
    }
    const { id, lane, leftMs } = hurry;
    const untilMonotonicMs = this.parts.clock.monotonicMs() + Math.min(leftMs, LONGEST_WAIT_MS);
    for (const running of this.running) {
      if (running.id === id) running.urgency.raise({ lane, untilMonotonicMs });
    }
  }
}
