import { setMaxListeners } from 'node:events';
import type { CandleStore, CandleWindow } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import type { FeedPublisher, LiveStatus } from '@candlekeep/feed';
import type { FetchRequester } from '@candlekeep/jobs';
import type { Term } from '@candlekeep/lease';
import type { MarketCode } from '@candlekeep/market';
import { background, type Logger } from '@candlekeep/telemetry';
import type { ServerClock } from '@candlekeep/redis';
import type { FollowedMarkets } from './followed-markets';
import { FollowedStream } from './followed-stream';
import { statusOf } from './live-status';
import { PageRequests } from './page-requests';
import { StreamLink } from './stream-link';

export interface LeaderParts {
  /** Names this process to operators. */
  readonly name: string;
  readonly streamUrl: string;
  readonly markets: FollowedMarkets;
  readonly store: CandleStore;
  readonly window: CandleWindow;
  readonly requester: Pick<FetchRequester, 'request'>;
  readonly feed: FeedPublisher;
  readonly cacheClock: ServerClock;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Sights stay younger than the second that callers take by default. */
const TICK_MS = 150;
const STATUS_EVERY_MS = 2_000;
/** The exchange lists or delists a market a few times a week. */
const MARKETS_EVERY_MS = 10 * 60_000;
/** After a refusal: a wrong address, a subscription that the exchange declines. */
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

/** What the holder of the lease does: follows the stream, and tells how it stands. */
export class Leader {
  private tell: (() => LiveStatus) | undefined;

  constructor(private readonly parts: LeaderParts) {}

  /** How the stream stands; undefined while this process follows none. */
  status(): LiveStatus | undefined {
    return this.tell?.();
  }

  /** One term; ends when its signal aborts. */
  async lead(term: Term): Promise<void> {
    const { markets, cacheClock, log, clock } = this.parts;
    const sinceMs = clock.nowMs();
    await cacheClock.update();
    let followed = await markets.read(term.signal);
    let failures = 0;
    log.info('this process leads: it follows the exchange’s stream', {
      ...{ markets: followed.length, token: term.token },
    });
    while (!term.signal.aborted) {
      const changed = new AbortController();
      const signal = AbortSignal.any([term.signal, changed.signal]);
      // Every market may be waiting for something at once.
      setMaxListeners(0, signal);
      const watching = this.untilMarketsChange(followed, signal).then((news) => {
        followed = news;
        changed.abort();
      });
      background(log, 'watching the list of markets', watching.catch(unless(signal)));
      failures = (await this.tryToFollow(followed, { term, signal, sinceMs })) ? 0 : failures + 1;
      // Nothing of this turn goes on.
      changed.abort();
      const restMs = Math.min(FIRST_REST_MS * 2 ** (failures - 1), LONGEST_REST_MS);
      if (failures > 0) await clock.sleep(restMs, term.signal).catch(() => undefined);
    }
  }

  /** False after a failure that a new connection alone does not mend. */
  private async tryToFollow(
    markets: readonly MarketCode[],
    turn: { term: Term; signal: AbortSignal; sinceMs: number },
  ): Promise<boolean> {
    try {
      await this.follow(markets, turn);
      return true;
    } catch (error) {
      turn.term.signal.throwIfAborted();
      this.parts.log.error(
        'the exchange’s stream cannot be followed; it is tried again within a minute: check UPBIT_WS_URL and LIVE_MARKETS',
        {
          error,
        },
      );
      return false;
    }
  }

  private async follow(
    markets: readonly MarketCode[],
    { term, signal, sinceMs }: { term: Term; signal: AbortSignal; sinceMs: number },
  ): Promise<void> {
    const { parts } = this;
    const link = new StreamLink({ ...parts, url: parts.streamUrl });
    const stream = new FollowedStream({
      ...{ ...parts, markets, signal, token: term.token },
      pages: new PageRequests({ ...parts, signal }),
      renew: () => {
        link.renew();
      },
      depose: (token) => {
        term.depose(token);
      },
    });
    const tell = () => statusOf(stream, { ...parts, term, sinceMs });
    this.tell = tell;
    const stops = [
      this.tickFor(stream, term),
      parts.clock.every(STATUS_EVERY_MS, () => {
        background(parts.log, 'telling the status of live', parts.feed.status(tell()));
      }),
    ];
    try {
      await link.run(markets, stream, signal);
    } finally {
      this.tell = undefined;
      for (const stop of stops) stop();
    }
  }

  /** One tick at a time: one that finds the last still running is left out. */
  private tickFor(stream: FollowedStream, term: Term): () => void {
    const { clock, log } = this.parts;
    let isTicking = false;
    return clock.every(TICK_MS, () => {
      if (isTicking || term.signal.aborted) return;
      isTicking = true;
      const tick = stream.tick().finally(() => {
        isTicking = false;
      });
      background(log, 'following the stream', tick);
    });
  }

  /** Resolves with another list than the given one. */
  private async untilMarketsChange(
    followed: readonly MarketCode[],
    signal: AbortSignal,
  ): Promise<readonly MarketCode[]> {
    for (;;) {
      await this.parts.clock.sleep(MARKETS_EVERY_MS, signal);
      const now = await this.parts.markets.readAnew(signal);
      if (now.join() !== followed.join()) return now;
    }
  }
}

function unless(signal: AbortSignal) {
  return (error: unknown): void => {
    if (!signal.aborted) throw error;
  };
}
