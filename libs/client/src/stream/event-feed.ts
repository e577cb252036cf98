import type { EventSourceMessage } from 'eventsource-parser';
import { CandlekeepRequestFailed } from '../request-failed';
import { chance, sleep } from '../time';
import type { GatewayDoor } from '../transport/gateway-door';
import { hearEvents } from './event-connection';
import { LastEventId } from './last-event-id';

export interface EventFeedParts {
  readonly door: GatewayDoor;
  /** Of the stream, with its parameters. */
  readonly path: string;
  readonly silenceMs: number;
  /** Ends it at any time. */
  readonly signal: AbortSignal;
}

export interface EventFeedHearer {
  readonly event: (message: EventSourceMessage) => void;
  /** The stream broke, or cannot be had: told once until events come again. */
  readonly problem: (failure: CandlekeepRequestFailed) => void;
}

/** Until the gateway says better. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;
/** The gateway understood, and asking the same again changes nothing. 408 and 429 ask for patience. */
const isForGood = (status = 0): boolean =>
  status >= 400 && status < 500 && status !== 408 && status !== 429;

/** One stream of events that is made anew, from the last event on, whenever it ends. */
export class EventFeed {
  private readonly lastEventId = new LastEventId();
  private waitMs = FIRST_WAIT_MS;
  private failures = 0;

  constructor(
    private readonly parts: EventFeedParts,
    private readonly hearer: EventFeedHearer,
  ) {}

  /** Never rejects. Resolves when the signal was aborted, or the gateway refused for good. */
  async run(): Promise<void> {
    const { signal } = this.parts;
    for (let isOver = false; !isOver; isOver ||= signal.aborted) {
      const failure = await this.hear();
      if (signal.aborted) return;
      this.failures += 1;
      if (this.failures === 1) this.hearer.problem(failure);
      isOver = isForGood(failure.status);
      if (!isOver) await sleep(this.waitAfter(failure), signal);
    }
  }

  /** Hears one connection to its end, and says why it ended. */
  private async hear(): Promise<CandlekeepRequestFailed> {
    const { door, path, signal } = this.parts;
    try {
      await hearEvents(
        { ...this.parts, lastEventId: this.lastEventId },
        {
          event: (message) => {
            if (!signal.aborted) this.hearer.event(message);
          },
          retry: (ms) => {
            this.waitMs = ms;
          },
          alive: () => {
            this.failures = 0;
          },
        },
      );
      return door.broken(path, new Error('the gateway ended the stream'));
    } catch (failure) {
      return failure instanceof CandlekeepRequestFailed ? failure : door.broken(path, failure);
    }
  }

  /** Longer with each failure in a row; a part of it, up to half, is left out, so that those who were cut off together come back apart. */
  private waitAfter({ retryAfterMs = 0 }: CandlekeepRequestFailed): number {
    const grownMs = Math.min(this.waitMs * 2 ** (this.failures - 1), LONGEST_WAIT_MS);
    return Math.max(grownMs * (1 - chance() / 2), retryAfterMs);
  }
}
