import type { PulseState } from '@candlekeep/live-candles';

/** The stream is given so long to come back by itself, ms. */
const NEW_CONNECTION_AFTER_MS = 5_000;

/** When a connection is given up for a new one. Instants are monotonic ms. */
export class StreamRenewal {
  /** Since when a connection is open and not believed. */
  private unsteadySinceMs: number | undefined;
  private hasBegun = false;

  /** @param renew has the connection made anew */
  constructor(private readonly renew: () => void) {}

  /** From its begin until the new connection is open. */
  get isUnderWay(): boolean {
    return this.hasBegun;
  }

  opened(nowMs: number): void {
    this.unsteadySinceMs = nowMs;
    this.hasBegun = false;
  }

  lost(): void {
    this.unsteadySinceMs = undefined;
  }

  /** Only an open connection is made anew: one that is not comes back by itself, when the exchange lets it. */
  beginUnlessSteady({ kind }: PulseState, nowMs: number): void {
    if (kind === 'steady' || kind === 'away') this.unsteadySinceMs = undefined;
    else this.unsteadySinceMs ??= nowMs;
    if (nowMs - (this.unsteadySinceMs ?? nowMs) >= NEW_CONNECTION_AFTER_MS) this.begin();
  }

  begin(): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.renew();
  }
}
