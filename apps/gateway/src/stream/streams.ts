import type { CandleCache } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { FeedListener, KeptFrames } from '@candlekeep/feed';
import { type Closable, closeAll } from '@candlekeep/lifecycle';
import type { RedisConnection } from '@candlekeep/redis';
import type { Logger } from '@candlekeep/telemetry';
import type { MarketDirectory } from '../texts/market-directory';
import { EventStreams } from './events/event-streams';
import { LiveReader } from './live-reader';
import { SeriesWatch } from './series/series-watch';
import { TopicBook } from './topics/topic-book';
import { StreamServer, type StreamServerParts } from './wire/stream-server';

export interface StreamsParts {
  /** `command` connection to the queue server. */
  readonly redis: RedisConnection;
  /** `subscriber` connection to the same server, for the feed alone. */
  readonly subscriber: RedisConnection;
  readonly candles: Pick<CandleCache, 'read'>;
  readonly directory: Pick<MarketDirectory, 'mayExist' | 'heedUnknown'>;
  readonly origins: readonly string[];
  /** Whether somebody may follow the exchange's stream, and on what terms. */
  readonly admit?: NonNullable<StreamServerParts['admit']>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** All that a gateway tells unasked: the exchange's own stream, and server-sent events. */
export class Streams implements Closable {
  readonly live: LiveReader;
  readonly events: EventStreams;
  readonly server: StreamServer;
  private readonly listener: FeedListener;
  private readonly watch: SeriesWatch;
  private readonly topics: TopicBook;

  constructor(private readonly parts: StreamsParts) {
    const { redis, clock, log, directory } = parts;
    const mayExist = directory.mayExist.bind(directory);
    this.live = new LiveReader({ redis, clock });
    this.listener = new FeedListener(parts);
    this.watch = new SeriesWatch(parts);
    this.topics = new TopicBook({
      ...{ listener: this.listener, watch: this.watch, live: this.live, log },
      kept: new KeptFrames(redis),
    });
    this.events = new EventStreams({ ...parts, watch: this.watch, mayExist });
    this.server = new StreamServer({ ...parts, topics: this.topics, mayExist });
  }

  /** Resolves when the feed is heard. */
  async start(): Promise<void> {
    this.watch.start();
    this.events.start();
    await this.listener.start({
      headsChanged: (changes) => {
        this.watch.headsChanged(changes);
      },
      lost: () => {
        this.parts.log.warn('the feed is not heard; candles are looked at by the clock');
      },
      back: () => {
        this.parts.log.info('the feed is heard again: everybody gets a new snapshot');
        this.topics.renewAll();
      },
    });
  }

  /** Ends every stream; no new one begins. */
  async close(): Promise<void> {
    await closeAll([this.listener, this.watch, this.events, this.server]);
  }
}
