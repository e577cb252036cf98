/** A market that traded in each of so many minutes does not just stop. */
const SURPRISING_AFTER = 20;

/** Tells a silent market from one to which the stream has become deaf. */
export class SilenceWatch {
  private tradedInARow = 0;
  /** The first silent minute that surprised, epoch ms. */
  private brokenFromMs: number | undefined;

  begin(): void {
    this.tradedInARow = 0;
    this.brokenFromMs = undefined;
  }

  noteMinute(openMs: number, isSilent: boolean): void {
    if (!isSilent) {
      this.tradedInARow += 1;
      this.brokenFromMs = undefined;
    } else if (this.isSurprising()) this.brokenFromMs ??= openMs;
    else this.tradedInARow = 0;
  }

  /** Whether silence is surprising now. It stays so, however long, until it is explained or broken. */
  isSurprising(): boolean {
    return this.tradedInARow >= SURPRISING_AFTER;
  }

  /** Whether the minute belongs to a silence that surprised. */
  isBroken(openMs: number): boolean {
    return this.brokenFromMs !== undefined && openMs >= this.brokenFromMs;
  }
}
