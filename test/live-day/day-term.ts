import type { CandleStore, CandleWindow } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import type { FetchRequester } from '@candlekeep/jobs';
import type { MarketCode } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { ServerClock } from '@candlekeep/redis';
import { FollowedStream } from '../../apps/live/src/followed-stream';
import { PageRequests } from '../../apps/live/src/page-requests';
import type { DirectSource } from '../support/direct-source';
import { DayLink, type DayLinkParts } from './day-link';

export interface DayTermParts extends DayLinkParts {
  readonly markets: readonly MarketCode[];
  readonly store: CandleStore;
  readonly window: CandleWindow;
  readonly source: DirectSource;
  readonly clock: Clock;
  readonly log: Logger;
}

const TICK_MS = 150;

/** One leader's term: its stream, its connection, its ticks. */
export class DayTerm {
  readonly stream: FollowedStream;
  readonly link: DayLink;
  isOver = false;
  private readonly stop = new AbortController();
  private isTicking = false;
  private readonly stopTicks: () => void;

  constructor(parts: DayTermParts, token: number) {
    const { clock, window } = parts;
    const { signal } = this.stop;
    const cacheClock = new ServerClock(() => Promise.resolve(clock.nowMs()), clock);
    // Known before anything is heard, as a leader knows it.
    void cacheClock.update();
    this.stream = new FollowedStream({
      ...{ ...parts, token, signal },
      feed: { headsChanged: () => undefined, frame: () => undefined },
      pages: new PageRequests({ ...parts, window, signal, requester: requesterOf(parts.source) }),
      cacheClock,
      renew: () => {
        this.link.cut();
      },
      depose: () => {
        this.end();
      },
    });
    this.link = new DayLink(parts, this.stream);
    this.stopTicks = clock.every(TICK_MS, () => void this.tick());
  }

  end(): void {
    this.isOver = true;
    this.stop.abort();
    this.stopTicks();
  }

  /** One at a time: one that finds the last still running is left out. */
  private async tick(): Promise<void> {
    if (this.isTicking || this.isOver) return;
    this.isTicking = true;
    try {
      await this.stream.tick();
    } finally {
      this.isTicking = false;
    }
  }
}

/** The queue's asking side, without a queue. */
function requesterOf(source: DirectSource): Pick<FetchRequester, 'request'> {
  return {
    request: async (job, { lane }) => {
      if (job.kind !== 'page') throw new RangeError(`a leader asks for no ${job.kind}`);
      return { kind: 'done', collapsed: await source.run(job, lane) };
    },
  };
}
