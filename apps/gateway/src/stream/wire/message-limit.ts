const PER_SECOND = 5;
const PER_MINUTE = 100;
const MINUTE_MS = 60_000;

/** How many messages one connection may send, as at the exchange: 5 in any second, 100 in any minute. */
export class MessageLimit {
  /** When the admitted ones of the last minute came, monotonic ms, oldest first. */
  private admitted: number[] = [];

  /** False for one too many; that one counts for nothing. */
  tryAdmit(nowMs: number): boolean {
    this.admitted = this.admitted.filter((atMs) => nowMs - atMs < MINUTE_MS);
    const lastSecond = this.admitted.filter((atMs) => nowMs - atMs < 1_000);
    if (this.admitted.length >= PER_MINUTE || lastSecond.length >= PER_SECOND) return false;
    this.admitted.push(nowMs);
    return true;
  }
}
