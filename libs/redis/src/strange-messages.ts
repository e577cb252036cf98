import type { Clock } from '@candlekeep/clock';
import type { Logger } from '@candlekeep/telemetry';
import { notePoison } from './poisoned-value';
import type { RedisConnection } from './redis-connection';

export interface StrangeMessagesParts {
  /** On which they are heard. */
  readonly subscriber: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
  /** The line of the log: `ignored a message of the feed`. */
  readonly line: string;
}

const SAY_EVERY_MS = 60_000;
const SHOWN_LENGTH = 100;

/** Messages of a channel that are none of ours: each is counted, and one a minute is told of, with how many there were. */
export class StrangeMessages {
  private refused = 0;
  private untold = 0;
  private toldMonotonicMs = -Infinity;

  constructor(private readonly parts: StrangeMessagesParts) {}

  /** So far. */
  get count(): number {
    return this.refused;
  }

  /** One more was heard, and is ignored. */
  refuse(channel: string, message: string, error?: unknown): void {
    const { subscriber, clock, log, line } = this.parts;
    this.refused += 1;
    this.untold += 1;
    notePoison(subscriber, { keys: [channel], error, isTold: true });
    const nowMs = clock.monotonicMs();
    if (nowMs - this.toldMonotonicMs < SAY_EVERY_MS) return;
    this.toldMonotonicMs = nowMs;
    const shown = message.slice(0, SHOWN_LENGTH);
    log.error(line, { channel, message: shown, messages: this.untold, error });
    this.untold = 0;
  }
}
