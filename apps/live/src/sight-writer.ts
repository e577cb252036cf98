import type { CandleWindow, PageEvidence } from '@candlekeep/candle-cache';
import type { FeedPublisher, HeadChange } from '@candlekeep/feed';
import type { LiveSight } from '@candlekeep/live-candles';
import type { ServerClock } from '@candlekeep/redis';
import type { FollowedMarket } from './followed-market';

export interface SightWriterParts {
  readonly window: CandleWindow;
  readonly feed: Pick<FeedPublisher, 'headsChanged'>;
  readonly cacheClock: ServerClock;
  readonly fence: number;
}

/** Where the stream stands: the exchange's time, at least, and as of when (monotonic ms) it has told everything. */
export interface StreamInstant {
  readonly exchangeMs: number;
  readonly asOfMonotonicMs: number;
}

const NO_TIME = { fromMs: 0, untilMs: 0 };

/** Puts what the stream shows of each market's present into L1, and tells whose rows have changed. */
export class SightWriter {
  /** By market, as of when its head was put last, and the rows that were told of. */
  private readonly seenAtMs = new Map<string, number>();
  private readonly told = new Map<string, string>();

  constructor(private readonly parts: SightWriterParts) {}

  /** Rejects with the first failure, after all have ended. */
  async write(markets: readonly FollowedMarket[], instant: StreamInstant): Promise<void> {
    const puts = markets.map(async (market) => await this.writeOne(market, instant));
    const outcomes = await Promise.allSettled(puts);
    const changes = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? (outcome.value ?? []) : [],
    );
    this.parts.feed.headsChanged(changes);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** The sight as a head, and when it was seen by the cache server's clock; undefined while the stream cannot tell. */
  headOf(
    { live }: FollowedMarket,
    instant: StreamInstant,
  ): { readonly head: NonNullable<PageEvidence['head']>; readonly seenAtMs: number } | undefined {
    const sight = live.sight(instant);
    const seenAtMs = sight && this.parts.cacheClock.at(sight.asOfMonotonicMs);
    if (sight === undefined || seenAtMs === undefined) return undefined;
    const { fromMs, rows } = sight;
    return { head: { fromMs, rows }, seenAtMs: Math.floor(seenAtMs) };
  }

  private async writeOne(
    followed: FollowedMarket,
    instant: StreamInstant,
  ): Promise<HeadChange | undefined> {
    const { market, series } = followed;
    const sight = this.headOf(followed, instant);
    if (sight === undefined || sight.seenAtMs === this.seenAtMs.get(market)) return undefined;
    const { head, seenAtMs } = sight;
    const evidence = { series, covered: NO_TIME, finals: [], claimsBeginning: false, head };
    const { window, fence } = this.parts;
    await window.put(evidence, { seenAtMs, provenance: 'stream', fence });
    this.seenAtMs.set(market, seenAtMs);
    const content = contentOf(head);
    if (this.told.get(market) === content) return undefined;
    this.told.set(market, content);
    return { market, seenAtMs, closedUntilMs: head.fromMs };
  }
}

/** What tells two states of a head apart: volumes only grow. */
function contentOf({ fromMs, rows }: Pick<LiveSight, 'fromMs' | 'rows'>): string {
  return [fromMs, ...rows.map(({ openMs, volume }) => `${openMs}=${volume}`)].join(' ');
}
