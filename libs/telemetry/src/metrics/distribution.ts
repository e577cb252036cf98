/** How often which size was seen, in memory alone: a few comparisons and two additions. */
export class Distribution {
  /** One more than there are bounds: what is larger than all of them. */
  private readonly counts: number[];
  private total = 0;

  /** @param bounds upper bounds, ascending; a size that equals one belongs to it */
  constructor(readonly bounds: readonly number[]) {
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  /** The sum of all sizes. */
  get sum(): number {
    return this.total;
  }

  observe(size: number): void {
    const { bounds, counts } = this;
    let place = 0;
    while (place < bounds.length && size > (bounds[place] ?? Infinity)) place += 1;
    counts[place] = (counts[place] ?? 0) + 1;
    this.total += size;
  }

  /** How many were at most as large as each bound, and at last all of them. */
  cumulative(): readonly number[] {
    let sum = 0;
    return this.counts.map((count) => (sum += count));
  }
}
