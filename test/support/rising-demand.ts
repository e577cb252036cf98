import type { Demand } from '@candlekeep/rate-limiter';

/** A demand that a test makes more urgent. */
export class RisingDemand implements Demand {
  readonly untilMonotonicMs = Infinity;
  private readonly listeners = new Set<() => void>();

  constructor(public rank: number) {}

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  rise(rank: number): void {
    this.rank = rank;
    for (const listener of this.listeners) listener();
  }
}
