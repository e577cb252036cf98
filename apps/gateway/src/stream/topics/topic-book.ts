import type { MarketCode } from '@candlekeep/market';
import type { SeriesWatch } from '../series/series-watch';
import type { StreamedType } from '../wire/stream-request';
import { CandleTopic } from './candle-topic';
import { FrameTopic, type FrameTopicParts } from './frame-topic';
import type { Follower, Terms, Topic } from './topic';

export interface TopicBookParts extends FrameTopicParts {
  readonly watch: Pick<SeriesWatch, 'follow' | 'want'>;
}

/** The topics that somebody follows on this gateway. */
export class TopicBook {
  private readonly topics = new Map<string, Topic>();

  constructor(private readonly parts: TopicBookParts) {}

  /** Has a follower told of one type of one market; returns the way to end that. */
  join(
    follower: Follower,
    { type, market }: { type: StreamedType; market: MarketCode },
    terms: Terms,
  ): () => void {
    const name = `${type.name} ${market}`;
    const topic = this.topics.get(name) ?? this.open(name, type, market);
    topic.join(follower, terms);
    return () => {
      topic.leave(follower);
    };
  }

  /** Something may have been missed: everybody begins anew with a snapshot. */
  renewAll(): void {
    for (const topic of this.topics.values()) topic.renew();
  }

  private open(name: string, type: StreamedType, market: MarketCode): Topic {
    const topic =
      type.kind === 'frames'
        ? new FrameTopic(type.frames, market, this.parts)
        : new CandleTopic({ market, timeframe: type.timeframe }, this.parts.watch);
    topic.onDeserted = () => {
      this.topics.delete(name);
      topic.close();
    };
    this.topics.set(name, topic);
    return topic;
  }
}
