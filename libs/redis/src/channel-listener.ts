import type { Clock } from '@candlekeep/clock';
import { background, type Logger } from '@candlekeep/telemetry';
import type { RedisConnection } from './redis-connection';

export interface ChannelListenerParts {
  /** `subscriber` connection, for this listener alone. It belongs to whoever opened it. */
  readonly subscriber: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
  /** What is heard there, for the log: `the feed`. */
  readonly what: string;
}

/** Who is told. Nothing here may throw. */
export interface ChannelAudience {
  heard(channel: string, message: string): void;
  /** The connection broke: what is told from now on is missed. */
  lost(): void;
  /** All channels are heard again; what was missed stays so. */
  back(): void;
}

const PING_EVERY_MS = 5_000;

/**
 * Hears channels and knows when it does not: a connection that breaks is told as lost, and as back only when the server has taken
 * every subscription anew. One that dies without a word leaves a ping unanswered, and is made anew within 10 s.
 */
export class ChannelListener {
  private audience: ChannelAudience | undefined;
  private first = '';
  private isHearing = false;
  private isPingUnanswered = false;
  private stopPinging: () => void = () => undefined;

  constructor(private readonly parts: ChannelListenerParts) {}

  /** Resolves when the first channel is heard; waits for a server that is away. Call once. */
  async start(channel: string, audience: ChannelAudience): Promise<void> {
    const { subscriber, clock } = this.parts;
    this.audience = audience;
    this.first = channel;
    subscriber.on('message', this.hear);
    subscriber.on('close', this.lose);
    await this.subscribe(channel);
    this.isHearing = true;
    subscriber.on('ready', this.return);
    this.stopPinging = clock.every(PING_EVERY_MS, () => {
      this.ping();
    });
  }

  /** Resolves when nothing that is told there from now on is missed. */
  async subscribe(channel: string): Promise<void> {
    await this.parts.subscriber.subscribe(channel);
  }

  /** Commands keep their order: whoever subscribes to the same again at once hears it in the end. */
  unsubscribe(channel: string): void {
    const { subscriber, log } = this.parts;
    subscriber.unsubscribe(channel).catch((error: unknown) => {
      log.debug(`could not leave ${channel}`, { error });
    });
  }

  close(): Promise<void> {
    const { subscriber } = this.parts;
    this.stopPinging();
    subscriber.off('message', this.hear).off('close', this.lose).off('ready', this.return);
    this.audience = undefined;
    return Promise.resolve();
  }

  private readonly hear = (channel: string, message: string): void => {
    this.audience?.heard(channel, message);
  };

  private readonly lose = (): void => {
    this.isPingUnanswered = false;
    if (!this.isHearing) return;
    this.isHearing = false;
    this.audience?.lost();
  };

  /** The client has sent its subscriptions anew by now: when the server answers this one, all of them hold. What it refuses is tried again. */
  private readonly return = (): void => {
    const heard = this.subscribe(this.first).then(() => {
      if (this.isHearing || this.parts.subscriber.status !== 'ready') return;
      this.isHearing = true;
      this.audience?.back();
    });
    background(this.parts.log, `hearing ${this.parts.what} again`, heard);
  };

  private ping(): void {
    const { subscriber, log, what } = this.parts;
    if (subscriber.status !== 'ready') return;
    if (this.isPingUnanswered) {
      log.warn(`the connection to ${what} is silent: it is made anew`);
      this.lose();
      subscriber.disconnect(true);
      return;
    }
    if (!this.isHearing) this.return();
    this.isPingUnanswered = true;
    const answered = subscriber.ping().then(() => {
      this.isPingUnanswered = false;
    });
    background(log, `a ping of ${what}`, answered);
  }
}
