import { type CandleCache, FailureLog } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import type { HeadChange } from '@candlekeep/feed';
import { CandlekeepError, type MarketCode, type Series, seriesName } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import type { MarketDirectory } from '../../texts/market-directory';
import { FollowedSeries, type Look, type SeriesHearer } from './followed-series';

export interface SeriesWatchParts {
  readonly candles: Pick<CandleCache, 'read'>;
  readonly directory: Pick<MarketDirectory, 'heedUnknown'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A series that is being followed, and the way to stop that. */
export interface Following {
  readonly followed: FollowedSeries;
  /** The last look, unless it is older than the next one may be. */
  readonly recentLook: Look | undefined;
  stop(): void;
}

interface Watched {
  readonly followed: FollowedSeries;
  /** Its market's newest rows were seen anew since the last look began, or nobody has looked yet. */
  isDue: boolean;
  isLooking: boolean;
  /** When the last look began, monotonic ms. */
  lookedAtMs: number;
  /** The next one comes no earlier, monotonic ms. */
  restsUntilMs: number;
}

interface Heard {
  /** Monotonic ms. */
  readonly atMs: number;
  readonly closedUntilMs: number;
}

/** A series is looked at no more often, ms. */
const LOOK_EVERY_MS = 1_000;
/** A market of which nobody has told for so long is looked at by the clock, ms: without a stream, reading refreshes. */
const AWAY_AFTER_MS = 2_000;
/** A market that the exchange calls unknown is asked for again after so long, ms: it may be listed one day. */
const UNKNOWN_REST_MS = 60_000;
const TICK_MS = 100;
/** Looks under way at once; the others wait for their turn. */
const MOST_LOOKS = 32;
/** How old rows may be: as in the gateway's answers; by the clock, younger than the last look at them. */
const MAX_AGE_MS = { told: 1_000, away: 900 } as const;
const FAILED = 'a followed series could not be looked at; it is tried again within a second';

/**
 * Looks at the series that somebody follows: when the feed says that their market changed, or once a second where it says nothing. One
 * look serves all who follow the series on this gateway.
 */
export class SeriesWatch {
  /** Series that have waited longest come first. */
  private readonly watched = new Map<string, Watched>();
  private readonly heard = new Map<MarketCode, Heard>();
  private readonly failures: FailureLog;
  private looks = 0;
  private stopTicking: () => void = () => undefined;

  constructor(private readonly parts: SeriesWatchParts) {
    this.failures = new FailureLog(parts);
  }

  start(): void {
    this.stopTicking = this.parts.clock.every(TICK_MS, () => {
      this.lookWhereDue();
    });
  }

  close(): Promise<void> {
    this.stopTicking();
    this.watched.clear();
    return Promise.resolve();
  }

  follow(series: Series, hearer: SeriesHearer): Following {
    const name = seriesName(series);
    const watched = this.watched.get(name) ?? this.watch(name, series);
    const { followed } = watched;
    followed.hearers.add(hearer);
    this.lookWhereDue();
    const stop = (): void => {
      followed.hearers.delete(hearer);
      if (followed.hearers.size === 0 && this.watched.get(name) === watched) {
        this.watched.delete(name);
      }
    };
    const recentLook = (): Look | undefined => {
      const isRecent = this.parts.clock.monotonicMs() - watched.lookedAtMs < LOOK_EVERY_MS;
      return isRecent ? followed.lastLook : undefined;
    };
    return {
      followed,
      stop,
      get recentLook() {
        return recentLook();
      },
    };
  }

  /** Has a series looked at as soon as it may be. */
  want(series: Series): void {
    const watched = this.watched.get(seriesName(series));
    if (watched !== undefined) watched.isDue = true;
    this.lookWhereDue();
  }

  /** Heeds what the feed says. */
  headsChanged(changes: readonly HeadChange[]): void {
    const atMs = this.parts.clock.monotonicMs();
    for (const { market, closedUntilMs } of changes) {
      const known = this.heard.get(market)?.closedUntilMs ?? 0;
      this.heard.set(market, { atMs, closedUntilMs: Math.max(known, closedUntilMs) });
    }
    const named = new Set(changes.map(({ market }) => market));
    for (const watched of this.watched.values()) {
      if (named.has(watched.followed.series.market)) watched.isDue = true;
    }
    this.lookWhereDue();
  }

  private watch(name: string, series: Series): Watched {
    const followed = new FollowedSeries(series, this.parts.candles);
    const times = { lookedAtMs: -Infinity, restsUntilMs: -Infinity };
    const watched = { followed, isDue: true, isLooking: false, ...times };
    this.watched.set(name, watched);
    return watched;
  }

  private lookWhereDue(): void {
    const nowMs = this.parts.clock.monotonicMs();
    for (const [name, watched] of this.watched) {
      if (this.looks >= MOST_LOOKS) return;
      if (watched.isLooking || nowMs < watched.restsUntilMs) continue;
      if (!watched.isDue && !this.isAway(watched, nowMs)) continue;
      this.watched.delete(name);
      this.watched.set(name, watched);
      void this.look(watched, nowMs);
    }
  }

  private isAway({ followed }: Watched, nowMs: number): boolean {
    const heard = this.heard.get(followed.series.market);
    return heard === undefined || nowMs - heard.atMs >= AWAY_AFTER_MS;
  }

  private async look(watched: Watched, nowMs: number): Promise<void> {
    const { followed } = watched;
    Object.assign(watched, { isDue: false, isLooking: true, lookedAtMs: nowMs });
    watched.restsUntilMs = nowMs + LOOK_EVERY_MS;
    this.looks += 1;
    try {
      const maxAgeMs = MAX_AGE_MS[this.isAway(watched, nowMs) ? 'away' : 'told'];
      const closedUntilMs = this.heard.get(followed.series.market)?.closedUntilMs;
      await followed.look({ maxAgeMs, closedUntilMs });
    } catch (error) {
      watched.isDue = true;
      if (isUnknownMarket(error)) {
        this.parts.directory.heedUnknown(followed.series.market);
        watched.restsUntilMs = nowMs + UNKNOWN_REST_MS;
      } else this.failures.heed(FAILED, error);
    } finally {
      this.looks -= 1;
      watched.isLooking = false;
    }
  }
}

/** Whether the exchange itself does not know the market. */
export function isUnknownMarket(error: unknown): boolean {
  return error instanceof CandlekeepError && error.code === 'UNKNOWN_MARKET';
}
