import type { ManualClock } from '@candlekeep/clock';
import type { MarketCode } from '@candlekeep/market';

/** How long it takes, from an instant on, until the stream shows each market's present again. */
export class Recovery {
  private readonly waiting: Set<MarketCode>;
  private recoveredMs: number | undefined;

  constructor(
    markets: readonly MarketCode[],
    private readonly sinceMs: number,
    private readonly clock: ManualClock,
  ) {
    this.waiting = new Set(markets);
  }

  /** Ms; undefined while some market waits. */
  get tookMs(): number | undefined {
    return this.recoveredMs === undefined ? undefined : this.recoveredMs - this.sinceMs;
  }

  /** A sight of a market was put into L1. */
  note(market: MarketCode, seenAtMs: number): void {
    if (seenAtMs <= this.sinceMs || !this.waiting.delete(market)) return;
    if (this.waiting.size === 0) this.recoveredMs = this.clock.nowMs();
  }
}
