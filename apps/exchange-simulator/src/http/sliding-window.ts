/** Admits at most `limit` entries in any half-open window of `windowMs`, wherever the window starts. */
export class SlidingWindow {
  private entriesMs: number[] = [];

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  /** Admits an entry at `atMs` if the window that ends there has room. Moments must not go back. */
  tryEnter(atMs: number): boolean {
    this.forgetBefore(atMs);
    if (this.entriesMs.length >= this.limit) return false;
    this.entriesMs.push(atMs);
    return true;
  }

  remainingAt(atMs: number): number {
    this.forgetBefore(atMs);
    return this.limit - this.entriesMs.length;
  }

  isIdleAt(atMs: number): boolean {
    return this.remainingAt(atMs) === this.limit;
  }

  /** Entries exactly `windowMs` apart never share a window. */
  private forgetBefore(atMs: number): void {
    this.entriesMs = this.entriesMs.filter((entryMs) => atMs - entryMs < this.windowMs);
  }
}
