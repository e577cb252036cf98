import type { Clock } from '@candlekeep/clock';
import type { MarketCode } from '@candlekeep/market';
import { ChannelListener, keys, type RedisConnection, StrangeMessages } from '@candlekeep/redis';
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

/**
 * The hearing side of the feed: heads always, frames of a kind and market while somebody follows them. A message that cannot be
 * understood is counted and logged now and then, never thrown.
 */
export class FeedListener {
  private readonly channels = new Map<string, Channel>();
  private audience: FeedAudience | undefined;
  private readonly listener: ChannelListener;
  private readonly strange: StrangeMessages;

  constructor(private readonly parts: FeedListenerParts) {
    this.strange = new StrangeMessages({ ...parts, line: 'ignored a message of the feed' });
    this.listener = new ChannelListener({ ...parts, what: 'the feed' });
  }

  /** Resolves when heads are heard. Call once. */
  async start(audience: FeedAudience): Promise<void> {
    this.audience = audience;
    await this.listener.start(keys.feedHeads(this.database), {
      heard: (channel, message) => {
        this.hear(channel, message);
      },
      lost: () => {
        audience.lost();
      },
      back: () => {
        audience.back();
      },
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
    return this.strange.count;
  }

  async close(): Promise<void> {
    await this.listener.close();
    this.audience = undefined;
  }

  private get database(): number {
    return this.parts.subscriber.options.db ?? 0;
  }

  private open(name: string, kind: FrameKind, market: MarketCode): Channel {
    const ready = this.listener.subscribe(name);
    background(this.parts.log, `following ${kind} of ${market}`, ready);
    const channel = { kind, market, hearers: new Set<Hear>(), ready };
    this.channels.set(name, channel);
    return channel;
  }

  /** What is left in vain is not heard. */
  private leave(name: string): void {
    this.channels.delete(name);
    this.listener.unsubscribe(name);
  }

  private hear(name: string, message: string): void {
    try {
      if (name === keys.feedHeads(this.database)) this.audience?.headsChanged(readHeads(message));
      else this.hearFrames(name, message);
    } catch (error) {
      this.strange.refuse(name, message, error);
    }
  }

  private hearFrames(name: string, message: string): void {
    const channel = this.channels.get(name);
    if (channel === undefined) return;
    const frames = readFrames(message, channel.kind, channel.market);
    for (const hear of channel.hearers) hear(frames);
  }
}
