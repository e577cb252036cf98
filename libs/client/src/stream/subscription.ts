import type { EventSourceMessage } from 'eventsource-parser';
import type { SeriesName } from '../answers/candle-request';
import { checkSubscription } from '../answers/request-options';
import { onAbort } from '../on-abort';
import { CandlekeepRequestFailed } from '../request-failed';
import type { GatewayDoor } from '../transport/gateway-door';
import { type CandleEvent, type GapEvent, readCandleEvent, readGapEvent } from './candle-event';
import { EventFeed } from './event-feed';

/** What a subscriber wants to be told. An error that he throws is his own: it becomes an uncaught one, and the stream goes on. */
export interface SubscriptionHandlers {
  /** Each final candle once, in order; the newest one whenever it changed, at most once a second. */
  readonly candle: (event: CandleEvent) => void;
  /** Final candles that were missed and are not told. */
  readonly gap?: ((event: GapEvent) => void) | undefined;
  /**
   * The stream broke, and is made anew; told once until it stands again. With a `status` of 400 to 499 (but 408 and 429) the gateway
   * refused, and those series are not asked for again.
   */
  readonly problem?: ((error: CandlekeepRequestFailed) => void) | undefined;
}

export interface SubscriptionParts {
  readonly door: GatewayDoor;
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

/** Candles that are told as they change. */
export interface Subscription {
  /** Ends it: nothing is told after this. */
  close(): void;
}

/** The gateway's bound of one stream. */
const MOST_SERIES = 20;

/** Begins at once, over as many streams as the series take. Throws a `TypeError` for no series at all, or a handler that is none. */
export function subscribe(
  series: readonly SeriesName[],
  handlers: SubscriptionHandlers,
  parts: SubscriptionParts,
): Subscription {
  checkSubscription(series, handlers);
  const names = [...new Set(series.map(({ market, timeframe }) => `${market}:${timeframe}`))];
  const feeds = new CandleFeeds(parts, handlers);
  for (let from = 0; from < names.length; from += MOST_SERIES) {
    feeds.follow(names.slice(from, from + MOST_SERIES));
  }
  const release = onAbort(parts.signal, () => {
    feeds.close();
  });
  return {
    close: () => {
      release();
      feeds.close();
    },
  };
}

class CandleFeeds {
  private readonly controller = new AbortController();

  constructor(
    private readonly parts: SubscriptionParts,
    private readonly handlers: SubscriptionHandlers,
  ) {}

  close(): void {
    this.controller.abort();
  }

  follow(names: readonly string[]): void {
    const parameters = new URLSearchParams(names.map((name): [string, string] => ['series', name]));
    const path = `/api/stream?${parameters.toString()}`;
    const { door, silenceMs } = this.parts;
    const feed = new EventFeed(
      { door, path, silenceMs, signal: this.controller.signal },
      {
        event: (message) => {
          this.hear(message);
        },
        problem: (failure) => {
          this.tell(this.handlers.problem, failure);
        },
      },
    );
    void feed.run();
  }

  private hear({ event, data }: EventSourceMessage): void {
    try {
      if (event === 'candle') this.tell(this.handlers.candle, readCandleEvent(data));
      if (event === 'gap') this.tell(this.handlers.gap, readGapEvent(data));
    } catch (failure) {
      if (failure instanceof CandlekeepRequestFailed) this.tell(this.handlers.problem, failure);
    }
  }

  /** A handler's own error leaves by the way of all uncaught errors, not through the stream. */
  private tell<Told>(handler: ((told: Told) => void) | undefined, told: Told): void {
    try {
      handler?.(told);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
