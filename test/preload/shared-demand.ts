import { type Lane, laneRank } from '@candlekeep/market';
import type { Demand } from '@candlekeep/rate-limiter';

/** What several callers together want one load for: as urgent as the most urgent, for as long as the most patient. */
export class SharedDemand implements Demand {
  rank: number;
  private readonly listeners = new Set<() => void>();

  constructor(
    /** Who asked first: the load is in his account. */
    readonly lane: Lane,
    public untilMonotonicMs: number,
  ) {
    this.rank = laneRank(lane);
  }

  join(lane: Lane, untilMonotonicMs: number): void {
    const rank = Math.min(this.rank, laneRank(lane));
    const untilMs = Math.max(this.untilMonotonicMs, untilMonotonicMs);
    if (rank === this.rank && untilMs === this.untilMonotonicMs) return;
    this.rank = rank;
    this.untilMonotonicMs = untilMs;
    for (const listener of this.listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}
