const STEP_MS = 60_000;

/** The smallest of the values of the last ten minutes, forgotten in steps of one; the newest step is never forgotten. */
export class SlidingMinimum {
  private steps = new Map<number, number>();

  /** @param stepsKept minutes; default 10 */
  constructor(private readonly stepsKept = 10) {}

  note(value: number, monotonicMs: number): void {
    const step = Math.floor(monotonicMs / STEP_MS);
    this.steps.set(step, Math.min(value, this.steps.get(step) ?? Infinity));
    for (const old of this.steps.keys()) if (old <= step - this.stepsKept) this.steps.delete(old);
  }

  /** Infinity while nothing was noted. */
  least(): number {
    return Math.min(Infinity, ...this.steps.values());
  }

  forget(): void {
    this.steps = new Map();
  }
}
