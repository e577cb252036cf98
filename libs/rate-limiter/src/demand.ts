/** What a taker wants a permit for: how urgent it is, and until when. Both may change while it waits. */
export interface Demand {
  /** 0 is the most urgent, at most 15. */
  readonly rank: number;
  /** When nobody needs the answer any more, by the taker's monotonic clock, ms; `Infinity` for never. */
  readonly untilMonotonicMs: number;
  /** Calls back at each change; returns the way to stop that. */
  onChange(listener: () => void): () => void;
}

/** A demand that stays as it is and has time. */
export function steadyDemand(rank: number): Demand {
  return { rank, untilMonotonicMs: Infinity, onChange: () => () => undefined };
}
