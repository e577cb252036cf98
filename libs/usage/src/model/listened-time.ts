/** Stored form of {@link ListenedTime}. */
export interface ListenedState {
  readonly sinceMs: number;
  readonly heardMs: number;
  readonly missedMs: number;
}

/** Time in which somebody listened: what happens while nobody does is not forgotten and not held against anybody. */
export class ListenedTime {
  private sinceMs: number | undefined;
  private untilMs = 0;
  private missedMs = 0;

  get state(): ListenedState | undefined {
    const { sinceMs, untilMs: heardMs, missedMs } = this;
    return sinceMs === undefined ? undefined : { sinceMs, heardMs, missedMs };
  }

  /** Until when everything was heard, epoch ms. */
  get heardMs(): number {
    return this.untilMs;
  }

  restore({ sinceMs, heardMs, missedMs }: ListenedState): void {
    this.sinceMs = sinceMs;
    this.untilMs = heardMs;
    this.missedMs = missedMs;
  }

  /** Everything until `untilMs` was heard. */
  heard(untilMs: number): void {
    this.sinceMs ??= untilMs;
    this.untilMs = Math.max(this.untilMs, untilMs);
  }

  /** Nothing was heard from what was heard last until `fromMs`. False when there is no such gap. */
  missed(fromMs: number): boolean {
    if (this.sinceMs === undefined || fromMs <= this.untilMs) return false;
    this.missedMs += fromMs - this.untilMs;
    this.untilMs = fromMs;
    return true;
  }

  /** Milliseconds listened from the first note to the instant. */
  at(epochMs: number): number {
    return Math.max(0, epochMs - (this.sinceMs ?? epochMs) - this.missedMs);
  }
}
