import { isDeepStrictEqual } from 'node:util';
import {
  type CandleStore,
  type CandleWindow,
  confirmRevision,
  type Fence,
  type ProvenPage,
} from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { MINUTE, MINUTE_MS, type MinuteVerdict } from '@candlekeep/live-candles';
import { type Candle, CandlekeepError, type TimeRange } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import type { ServerClock } from '@candlekeep/redis';
import { type FollowedMarket, rowOf } from './followed-market';
import { checkRow } from './row-check';
import type { SightWriter, StreamInstant } from './sight-writer';

export interface MinuteCloserParts {
  readonly store: CandleStore;
  readonly window: CandleWindow;
  readonly sights: Pick<SightWriter, 'headOf'>;
  readonly cacheClock: ServerClock;
  readonly clock: Clock;
  readonly log: Logger;
  readonly fence: Fence;
}

/** A minute as L2 holds it. */
interface Kept {
  readonly covered: TimeRange;
  readonly rows: readonly Candle[];
  readonly revision: number;
}

/** A page of the exchange was kept meanwhile, or the market was purged: the minute is saved under the new revision. */
const MOST_TRIES = 3;

/** Keeps minutes that the stream has proven: L2 first, then L1 together with the sight that begins behind them. */
export class MinuteCloser {
  private readonly busy = new Set<FollowedMarket>();

  constructor(private readonly parts: MinuteCloserParts) {}

  /**
   * Keeps the proven minutes of a market in their order, unless that is under way. Rejects with the first failure; what is left is
   * kept the next time. `instantOf` tells where the stream stands when it is asked.
   */
  async close(market: FollowedMarket, instantOf: () => StreamInstant | undefined): Promise<void> {
    if (this.busy.has(market)) return;
    this.busy.add(market);
    try {
      for (;;) {
        const verdict = market.nextProven();
        if (verdict === undefined) return;
        await this.keep(market, verdict, instantOf);
      }
    } finally {
      this.busy.delete(market);
    }
  }

  private async keep(
    market: FollowedMarket,
    verdict: MinuteVerdict,
    instantOf: () => StreamInstant | undefined,
  ): Promise<void> {
    await this.save(market, verdict);
    const kept = await this.readKept(market, verdict);
    this.compare(market, verdict, kept.rows[0]);
    // A gap or a doubt has come between: the minute was kept all the same, but it is no part of what is followed now.
    if (market.proven[0] !== verdict) return;
    market.proven = market.proven.slice(1);
    market.passFinal();
    await this.tell(market, kept, instantOf());
  }

  private async save(market: FollowedMarket, verdict: MinuteVerdict): Promise<void> {
    const { store } = this.parts;
    for (let tries = 1; ; tries += 1) {
      market.revision ??= await store.openRevision(market.series);
      try {
        const saved = await store.save(this.pageOf(market, verdict, market.revision));
        market.revision = saved.revision;
        return;
      } catch (error) {
        if (!isStale(error) || tries === MOST_TRIES) throw error;
        market.revision = undefined;
      }
    }
  }

  private pageOf(market: FollowedMarket, verdict: MinuteVerdict, revision: number): ProvenPage {
    const { clock, cacheClock, fence } = this.parts;
    const row = rowOf(verdict);
    return {
      series: market.series,
      covered: coveredBy(verdict),
      rows: row === undefined ? [] : [row],
      provenance: 'stream',
      readAtMs: Math.floor(cacheClock.at(clock.monotonicMs()) ?? 0),
      basis: [{ timeframe: MINUTE, revision }],
      fence,
    };
  }

  /** What L2 holds now: the exchange's own page may have been there first, and it counts. */
  private async readKept(market: FollowedMarket, verdict: MinuteVerdict): Promise<Kept> {
    const covered = coveredBy(verdict);
    const query = { beforeMs: covered.untilMs, fromMs: covered.fromMs, limit: 1 };
    const { rows, revision } = await this.parts.store.read(market.series, query);
    return { covered, rows, revision };
  }

  private compare(market: FollowedMarket, verdict: MinuteVerdict, own: Candle | undefined): void {
    const proven = rowOf(verdict);
    const { openMs } = verdict;
    if (isDeepStrictEqual(proven, own)) market.unchecked.set(openMs, proven);
    else checkRow(market, { openMs, proven, own }, this.parts.log);
  }

  private async tell(
    market: FollowedMarket,
    { covered, rows, revision }: Kept,
    instant: StreamInstant | undefined,
  ): Promise<void> {
    const { store, window, sights, fence } = this.parts;
    const { series } = market;
    const evidence = { series, covered, finals: rows, claimsBeginning: false };
    const origin = { revision, provenance: 'stream', fence: fence.token } as const;
    const sight = instant && sights.headOf(market, instant);
    if (sight === undefined) await window.put(evidence, { ...origin, seenAtMs: 0 });
    else {
      const { head, seenAtMs } = sight;
      await window.put({ ...evidence, head }, { ...origin, seenAtMs });
    }
    await confirmRevision({ store, window }, series, revision);
  }
}

function coveredBy({ openMs }: MinuteVerdict): TimeRange {
  return { fromMs: openMs, untilMs: openMs + MINUTE_MS };
}

function isStale(error: unknown): boolean {
  return error instanceof CandlekeepError && error.code === 'STALE_BASIS';
}
