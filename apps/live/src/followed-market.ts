import {
  LiveMarket,
  MarketTrust,
  MINUTE,
  MINUTE_MS,
  type MinuteVerdict,
} from '@candlekeep/live-candles';
import type { Candle, MarketCode, Series } from '@candlekeep/market';

/** How closed minutes came to be known in this term. */
export interface MinuteCounts {
  readonly traded: number;
  readonly empty: number;
  readonly doubtful: number;
  /** Decided by a page of the exchange. */
  readonly rest: number;
  /** Proven, and held against the exchange's own row since. */
  readonly native: number;
  readonly corrections: number;
}

/** A minute that the exchange is to decide. */
export interface DoubtfulMinute {
  readonly verdict: MinuteVerdict;
  /** It had been decided before, one way or the other: what is known of it is in doubt. */
  readonly isWithdrawn: boolean;
}

/** One followed market: what its stream says, and which of its closed minutes are not final yet. */
export class FollowedMarket {
  readonly series: Series;
  readonly live: LiveMarket;
  readonly trust = new MarketTrust();
  /** Proven and not kept yet, the oldest first. */
  proven: readonly MinuteVerdict[] = [];
  /** Not proven: a page of the exchange decides. By open. */
  readonly doubtful = new Map<number, DoubtfulMinute>();
  /** What was kept as proven and has not been held against the exchange's own row, by open; undefined for an empty minute. */
  readonly unchecked = new Map<number, Candle | undefined>();
  counts: MinuteCounts = { traded: 0, empty: 0, doubtful: 0, rest: 0, native: 0, corrections: 0 };
  /** Why minutes were doubtful, and how often. */
  readonly doubts = new Map<string, number>();
  /** The revision of L2 that the next minute is saved under. */
  revision: number | undefined;
  lastFrameMonotonicMs: number | undefined;
  private judgedUntilMs = 0;

  constructor(readonly market: MarketCode) {
    this.series = { market, timeframe: MINUTE };
    this.live = new LiveMarket(market);
  }

  /** Frames may be missing. What is not decided yet is left to the next page, which reaches over it, or to whoever asks for it first. */
  restart(sinceMs: number): void {
    this.live.restart(sinceMs);
    this.proven = [];
    this.doubtful.clear();
    this.judgedUntilMs = 0;
  }

  /** Takes the verdicts that are due. `exchangeMs` is a lower bound of the time. */
  judge(exchangeMs: number): void {
    for (const verdict of this.live.judge(exchangeMs)) {
      this.count(verdict.kind);
      this.take(verdict);
      this.judgedUntilMs = Math.max(this.judgedUntilMs, verdict.openMs + MINUTE_MS);
    }
  }

  /** The next minute to keep: none behind a doubtful one, so that L1 never knows a minute beyond one that it lacks. */
  nextProven(): MinuteVerdict | undefined {
    const [next] = this.proven;
    return next !== undefined && next.openMs < this.oldestUndecidedMs() ? next : undefined;
  }

  /** Tells the stream's side which minutes are final now. */
  passFinal(): void {
    const proven = this.proven.map(({ openMs }) => openMs);
    this.live.finalUntil(Math.min(this.judgedUntilMs, this.oldestUndecidedMs(), ...proven));
  }

  count(what: keyof MinuteCounts): void {
    this.counts = { ...this.counts, [what]: this.counts[what] + 1 };
  }

  private oldestUndecidedMs(): number {
    const undecided = [...this.doubtful].filter(([, { isWithdrawn }]) => !isWithdrawn);
    return Math.min(Infinity, ...undecided.map(([openMs]) => openMs));
  }

  private take(verdict: MinuteVerdict): void {
    const { openMs, kind } = verdict;
    if (kind !== 'doubtful' && !this.trust.readEachClose) {
      this.proven = [...this.proven, verdict];
      return;
    }
    if (kind === 'doubtful')
      this.doubts.set(verdict.reason, (this.doubts.get(verdict.reason) ?? 0) + 1);
    // A verdict that is withdrawn may not have been kept yet.
    this.proven = this.proven.filter((other) => other.openMs !== openMs);
    this.doubtful.set(openMs, { verdict, isWithdrawn: openMs < this.judgedUntilMs });
  }
}

/** The row of a proven minute; undefined for an empty one. */
export function rowOf(verdict: MinuteVerdict): Candle | undefined {
  return verdict.kind === 'traded' ? verdict.row : undefined;
}
