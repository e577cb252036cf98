import { type Lane, laneRank } from '@candlekeep/market';

/** A deadline is moved only by more than this, ms: those who ask again each second name nearly the same one. */
const SLACK_MS = 20;

/** A deadline by the monotonic clock of this process, and how urgent it is. */
export interface Wanted {
  readonly lane: Lane;
  /** When nobody waits any more, ms. */
  readonly untilMonotonicMs: number;
}

/** How urgently a running job is wanted, and until when. Both only grow, as more callers want the same. */
export class Urgency implements Wanted {
  private readonly listeners = new Set<() => void>();

  constructor(private wanted: Wanted) {}

  get lane(): Lane {
    return this.wanted.lane;
  }

  /** 0 for the most urgent lane. */
  get rank(): number {
    return laneRank(this.wanted.lane);
  }

  get untilMonotonicMs(): number {
    return this.wanted.untilMonotonicMs;
  }

  /** Calls back at each change; returns the way to stop that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Takes the more urgent lane and the later deadline of the two. */
  raise({ lane, untilMonotonicMs }: Wanted): void {
    const isMoreUrgent = laneRank(lane) < this.rank;
    const isLater = untilMonotonicMs > this.untilMonotonicMs + SLACK_MS;
    if (!isMoreUrgent && !isLater) return;
    this.wanted = {
      lane: isMoreUrgent ? lane : this.lane,
      untilMonotonicMs: isLater ? untilMonotonicMs : this.untilMonotonicMs,
    };
    for (const listener of [...this.listeners]) listener();
  }
}
