const DAY_MS = 86_400_000;

/** A count whose parts fade by half in `halfLifeDays` of time listened. */
export class DecayedCount {
  private readonly halfLifeMs: number;

  constructor(
    halfLifeDays: number,
    private value = 0,
    private listenedMs = 0,
  ) {
    this.halfLifeMs = halfLifeDays * DAY_MS;
  }

  /** Value, and when it had it (ms listened). */
  get state(): readonly [value: number, listenedMs: number] {
    return [this.value, this.listenedMs];
  }

  add(more: number, listenedMs: number): void {
    this.value = this.at(listenedMs) + more;
    this.listenedMs = Math.max(this.listenedMs, listenedMs);
  }

  at(listenedMs: number): number {
    return this.value * 2 ** (-Math.max(0, listenedMs - this.listenedMs) / this.halfLifeMs);
  }

  /** What was added in a day on average; as if no less than `leastMs` had been listened. */
  perDay(listenedMs: number, leastMs: number): number {
    const known = 1 - 2 ** (-Math.max(leastMs, listenedMs) / this.halfLifeMs);
    return (this.at(listenedMs) * Math.LN2 * DAY_MS) / (this.halfLifeMs * known);
  }
}
