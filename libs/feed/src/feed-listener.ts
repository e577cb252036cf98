import type { Clock } from '@candlekeep/clock';
import type { MarketCode } from '@candlekeep/market';
import { keys, type RedisConnection } from '@candlekeep/redis';
import { background, type Logger } from '@candlekeep/telemetry';
import { type FrameKind, type HeadChange, readFrames, readHeads } from './feed-message';

export interface FeedListenerParts {
  /** `subscriber` connection to the queue server, for this listener alone. It belongs to whoever opened it. */
  readonly subscriber: RedisConnection;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Who is told. Nothing here may throw. */
export interface FeedAudience {
  headsChanged(changes: readonly HeadChange[]): void;
  /** The connection broke: what is told from now on is missed. */
  lost(): void;
  /** All that was followed is heard again; what was missed stays so. */
  back(): void;
}

/** Frames of one kind and market that are being followed. */
export interface FollowedFrames {
  /** Resolves when nothing that is told from now on is missed; waits for a server that is away. */
  readonly ready: Promise<void>;
  stop(): void;
}

type Hear = (frames: readonly string[]) => void;

interface Channel {
  readonly kind: FrameKind;
  readonly market: MarketCode;
  readonly hearers: Set<Hear>;
  readonly ready: Promise<void>;
}

const PING_EVERY_MS = 5_000;

/**
 * The hearing side of the feed: heads always, frames of a kind and market while somebody follows them. A message that cannot be
 * understood is counted and logged once, never thrown.
 */
export class FeedListener {
  private readonly channels = new Map<string, Channel>();
  private audience: FeedAudience | undefined;
  private malformed = 0;
  private isHearing = false;
  private isPingUnanswered = false;
  private stopPinging: () => void = () => undefined;

  constructor(private readonly parts: FeedListenerParts) {}

  /** Resolves when heads are heard. Call once. */
  async start(audience: FeedAudience): Promise<void> {
    const { subscriber, clock } = this.parts;
    this.audience = audience;
    subscriber.on('message', this.hear);
    subscriber.on('close', this.lose);
    await this.subscribe(keys.feedHeads(this.database));
    this.isHearing = true;
    subscriber.on('ready', this.return);
    this.stopPinging = clock.every(PING_EVERY_MS, () => {
      this.ping();
    });
  }

  /** Hears frames of one kind and market until `stop`: the exchange's own texts, in the order in which they were told. */
  follow(kind: FrameKind, market: MarketCode, hear: Hear): FollowedFrames {
    const name = keys.feedFrames(kind, market, this.database);
    const channel = this.channels.get(name) ?? this.open(name, kind, market);
    channel.hearers.add(hear);
    const stop = (): void => {
      channel.hearers.delete(hear);
      if (channel.hearers.size === 0 && this.channels.get(name) === channel) this.leave(name);
    };
    return { ready: channel.ready, stop };
  }

  /** Messages so far that could not be understood. */
  get malformedCount(): number {
    return this.malformed;
  }

  close(): Promise<void> {
    const { subscriber } = this.parts;
    this.stopPinging();
    subscriber.off('message', this.hear).off('close', this.lose).off('ready', this.return);
    this.audience = undefined;
    return Promise.resolve();
  }

  private get database(): number {
    return this.parts.subscriber.options.db ?? 0;
  }

  private open(name: string, kind: FrameKind, market: MarketCode): Channel {
    const ready = this.subscribe(name);
    background(this.parts.log, `following ${kind} of ${market}`, ready);
    const channel = { kind, market, hearers: new Set<Hear>(), ready };
    this.channels.set(name, channel);
    return channel;
  }

  /** Commands keep their order: whoever follows the same again at once is subscribed in the end. What is left in vain is not heard. */
  private leave(name: string): void {
    const { subscriber, log } = this.parts;
    this.channels.delete(name);
    subscriber.unsubscribe(name).catch((error: unknown) => {
      log.debug(`could not leave ${name}`, { error });
    });
  }

  private async subscribe(name: string): Promise<void> {
    await this.parts.subscriber.subscribe(name);
  }

  private readonly hear = (name: string, message: string): void => {
    try {
      if (name === keys.feedHeads(this.database)) this.audience?.headsChanged(readHeads(message));
      else this.hearFrames(name, message);
    } catch (error) {
      this.malformed += 1;
      if (this.malformed > 1) return;
      const { log } = this.parts;
      log.error('ignored a message of the feed; further ones are only counted', { name, error });
    }
  };

  private hearFrames(name: string, message: string): void {
    const channel = this.channels.get(name);
    if (channel === undefined) return;
    const frames = readFrames(message, channel.kind, channel.market);
    for (const hear of channel.hearers) hear(frames);
  }

  private readonly lose = (): void => {
    this.isPingUnanswered = false;
    if (!this.isHearing) return;
    this.isHearing = false;
    this.audience?.lost();
  };

  /** The client has sent its subscriptions anew by now: when the server answers this one, all of them hold. */
  private readonly return = (): void => {
    const heard = this.subscribe(keys.feedHeads(this.database)).then(() => {
      if (this.isHearing) return;
      this.isHearing = true;
      this.audience?.back();
    });
    background(this.parts.log, 'hearing the feed again', heard);
  };

  /** A connection can die without a word: one that leaves a ping unanswered for 5 s is made anew. */
  private ping(): void {
    const { subscriber, log } = this.parts;
    if (subscriber.status !== 'ready') return;
    if (this.isPingUnanswered) {
      log.warn('the connection to the feed is silent: it is made anew');
      subscriber.disconnect(true);
      return;
    }
    this.isPingUnanswered = true;
    const answered = subscriber.ping().then(() => {
      this.isPingUnanswered = false;
    });
    background(log, 'a ping of the feed', answered);
  }
}
