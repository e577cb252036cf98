import {
  type CandleStore,
  type CandleWindow,
  FailureLog,
  findNewerToken,
} from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import type { OrderBookFrame, StreamFrame } from '@candlekeep/exchange-client';
import type { FeedPublisher, FrameKind } from '@candlekeep/feed';
import { sentMsOf, StreamPulse } from '@candlekeep/live-candles';
import type { MarketCode } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import type { ServerClock } from '@candlekeep/redis';
import { DoubtSolver } from './doubt-solver';
import { FollowedMarket } from './followed-market';
import { MinuteCheck } from './minute-check';
import { MinuteCloser } from './minute-closer';
import type { PageRequests } from './page-requests';
import { PulseLog } from './pulse-log';
import { SightWriter, type StreamInstant } from './sight-writer';
import type { StreamListener } from './stream-link';
import { StreamRenewal } from './stream-renewal';

export interface FollowedStreamParts {
  readonly markets: readonly MarketCode[];
  readonly store: CandleStore;
  readonly window: CandleWindow;
  readonly feed: Pick<FeedPublisher, 'headsChanged' | 'frame'>;
  readonly pages: Pick<PageRequests, 'bring'>;
  readonly cacheClock: ServerClock;
  readonly clock: Clock;
  readonly log: Logger;
  /** The lease's token. */
  readonly token: number;
  /** Ends with the term. */
  readonly signal: AbortSignal;
  /** Has the connection made anew, since frames may have been missed. */
  readonly renew: () => void;
  /** Called when a tier has seen a newer token. */
  readonly depose: (token: number) => void;
}

/** A frame about a moment further ahead of the cache server's clock is not believed, ms. */
const MOST_AHEAD_MS = 10_000;
/** After minutes could not be kept. */
const FIRST_REST_MS = 500;
const LONGEST_REST_MS = 30_000;

/**
 * Follows the markets of one term: hears frames, puts sights into L1, closes minutes by proof, and has the exchange decide what the
 * stream cannot prove. `tick` is to be called a few times a second.
 */
export class FollowedStream implements StreamListener {
  readonly markets: readonly FollowedMarket[];
  readonly pulse = new StreamPulse();
  readonly failures: FailureLog;
  private readonly byCode: ReadonlyMap<string, FollowedMarket>;
  private readonly sights: SightWriter;
  private readonly closer: MinuteCloser;
  private readonly solver: DoubtSolver;
  private readonly check: MinuteCheck;
  private readonly pulseLog: PulseLog;
  private readonly renewal: StreamRenewal;
  private sinceMs: number | undefined;
  private closeAgainMs = 0;
  private closeFailures = 0;

  constructor(private readonly parts: FollowedStreamParts) {
    const { token } = parts;
    this.markets = parts.markets.map((market) => new FollowedMarket(market));
    this.byCode = new Map(this.markets.map((followed) => [followed.market, followed]));
    this.failures = new FailureLog(parts);
    this.sights = new SightWriter({ ...parts, fence: token });
    const fence = { name: 'live', token };
    this.closer = new MinuteCloser({ ...parts, sights: this.sights, fence });
    this.solver = new DoubtSolver(parts);
    this.check = new MinuteCheck(parts);
    this.pulseLog = new PulseLog(parts);
    this.renewal = new StreamRenewal(parts.renew);
  }

  opened(): void {
    const nowMs = this.parts.clock.monotonicMs();
    this.sinceMs = undefined;
    this.renewal.opened(nowMs);
    this.pulse.opened(nowMs);
    for (const { live } of this.markets) live.opened();
  }

  lost(): void {
    this.sinceMs = undefined;
    this.renewal.lost();
    this.pulse.lost(this.parts.clock.monotonicMs());
  }

  hear(frame: StreamFrame, bytes: Buffer): void {
    const atMonotonicMs = this.parts.clock.monotonicMs();
    this.passOn(frame, bytes);
    const nowMs = this.parts.cacheClock.at(atMonotonicMs);
    if (nowMs === undefined) return;
    const sentMs = sentMsOf(frame);
    const heardAtMs = this.pulse.heard({
      ...{ atMonotonicMs, nowMs },
      ...(sentMs === undefined ? {} : { sentMs }),
    });
    this.beginAfterGap();
    const followed = this.byCode.get(frame.market);
    if (followed === undefined || frame.kind === 'orderbook') return;
    if (momentOf(frame) > nowMs + MOST_AHEAD_MS) return;
    followed.lastFrameMonotonicMs = atMonotonicMs;
    followed.live.hear(frame, heardAtMs);
  }

  /** Does what is due; resolves when the sights are put. Failures are logged, and what failed is tried again. */
  async tick(): Promise<void> {
    this.failures.settle();
    await this.attempt('the clock of REDIS_CACHE_URL cannot be read', async () => {
      await this.parts.cacheClock.update();
    });
    const nowMs = this.parts.clock.monotonicMs();
    const state = this.pulse.state(nowMs);
    this.pulseLog.note(state, nowMs);
    this.renewal.beginUnlessSteady(state, nowMs);
    const instant = this.instant();
    if (instant === undefined) return;
    // Nobody waits for L2 or the exchange here: sights must not grow old with them.
    for (const market of this.markets) void this.closeMinutes(market, instant.exchangeMs);
    await this.attempt('sights of the stream cannot be put into L1', async () => {
      await this.sights.write(this.markets, instant);
    });
  }

  /** Where the stream stands, by whichever of the exchange's clock and the cache server's is behind; undefined while it is not believed. */
  private instant(): StreamInstant | undefined {
    if (this.renewal.isUnderWay) return undefined;
    const nowMs = this.parts.clock.monotonicMs();
    const asOfMonotonicMs = this.pulse.asOf(nowMs);
    const exchangeMs = this.pulse.exchangeMs(nowMs);
    const cacheMs = this.parts.cacheClock.at(nowMs);
    if (asOfMonotonicMs === undefined || exchangeMs === undefined || cacheMs === undefined) {
      return undefined;
    }
    return { exchangeMs: Math.min(exchangeMs, cacheMs), asOfMonotonicMs };
  }

  private async closeMinutes(market: FollowedMarket, exchangeMs: number): Promise<void> {
    const { clock } = this.parts;
    // At once, before any sight is taken: a market that fails keeps no other from its turn.
    await this.attempt('minutes of the stream cannot be judged', () => {
      market.judge(exchangeMs);
      return Promise.resolve();
    });
    void this.attempt('doubtful minutes cannot be decided', async () => {
      await this.solver.solve(market);
    });
    if (clock.monotonicMs() < this.closeAgainMs) return;
    const hadProven = market.proven.length > 0;
    const isDone = await this.attempt(
      'closed minutes of the stream cannot be kept (DATABASE_URL, REDIS_CACHE_URL): they wait',
      async () => {
        await this.closer.close(market, () => this.instant());
        await this.check.run(market, exchangeMs);
      },
    );
    if (isDone) {
      if (hadProven && market.proven.length === 0) this.closeFailures = 0;
      return;
    }
    // Those who failed at once with another share its rest.
    if (clock.monotonicMs() < this.closeAgainMs) return;
    this.closeFailures += 1;
    const restMs = Math.min(FIRST_REST_MS * 2 ** (this.closeFailures - 1), LONGEST_REST_MS);
    this.closeAgainMs = clock.monotonicMs() + restMs;
  }

  /** The first frame after a gap tells since when nothing is missed. Only a new connection tells of those that do not speak by themselves. */
  private beginAfterGap(): void {
    const sinceMs = this.pulse.steadySinceMs();
    if (sinceMs === undefined || sinceMs === this.sinceMs) return;
    const isSameConnection = this.sinceMs !== undefined;
    this.sinceMs = sinceMs;
    for (const market of this.markets) market.restart(sinceMs);
    if (isSameConnection) this.renewal.begin();
  }

  private passOn(frame: StreamFrame, bytes: Buffer): void {
    const kind = feedKindOf(frame);
    if (kind !== undefined && this.byCode.has(frame.market)) {
      this.parts.feed.frame(kind, frame.market, bytes.toString());
    }
  }

  /** Whether the work was done. */
  private async attempt(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      const token = findNewerToken(error);
      if (token !== undefined) this.parts.depose(token);
      else if (!this.parts.signal.aborted) this.failures.heed(what, error);
      return false;
    }
  }
}

/** When the candle opened, or the trade was executed, epoch ms. */
function momentOf(frame: Exclude<StreamFrame, OrderBookFrame>): number {
  return frame.kind === 'candle' ? frame.openMs : frame.tradedAtMs;
}

/** Which frames are passed on as they came. */
function feedKindOf(frame: StreamFrame): FrameKind | undefined {
  switch (frame.kind) {
    case 'trade':
    case 'ticker':
      return frame.kind;
    case 'candle':
      return frame.timeframe.code === '1s' ? 'candle.1s' : undefined;
    case 'orderbook':
      return undefined;
  }
}
