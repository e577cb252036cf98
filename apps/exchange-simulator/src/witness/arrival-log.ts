/** When a call came, and what became of it. */
export interface LoggedArrival {
  /** Wall time, epoch ms: equal for all processes of a machine. */
  readonly atMs: number;
  readonly group: string;
  /** Answered with 429 or 418. */
  readonly isRejected: boolean;
}

const MOST_ARRIVALS = 50_000;

/** The newest 50,000 arrivals in their order: for rates, and for how long a caller was silent. */
export class ArrivalLog {
  private entries: LoggedArrival[] = [];

  note({ atMs, group, isRejected }: LoggedArrival): void {
    this.entries.push({ atMs, group, isRejected });
    if (this.entries.length >= 2 * MOST_ARRIVALS) this.entries = this.newest();
  }

  newest(): LoggedArrival[] {
    return this.entries.slice(-MOST_ARRIVALS);
  }

  forget(): void {
    this.entries = [];
  }
}
