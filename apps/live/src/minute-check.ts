import type { CandleStore } from '@candlekeep/candle-cache';
import { MINUTE_MS } from '@candlekeep/live-candles';
import type { Logger } from '@candlekeep/telemetry';
import type { FollowedMarket } from './followed-market';
import { checkRow } from './row-check';

/** By then the exchange's own page has been read: reconciliation waits for 200 minutes and ten more, ms. */
const READ_AGAIN_AFTER_MS = 4 * 3_600_000;

/** Holds minutes that the stream had proven against L2, once the exchange's own rows are there. */
export class MinuteCheck {
  constructor(
    private readonly parts: { readonly store: Pick<CandleStore, 'read'>; readonly log: Logger },
  ) {}

  /** Checks what is old enough; rejects with the store's error, and leaves the rest for the next time. */
  async run(market: FollowedMarket, nowMs: number): Promise<void> {
    const opens = [...market.unchecked.keys()].filter((ms) => ms <= nowMs - READ_AGAIN_AFTER_MS);
    if (opens.length === 0) return;
    const [fromMs, beforeMs] = [Math.min(...opens), Math.max(...opens) + MINUTE_MS];
    const limit = (beforeMs - fromMs) / MINUTE_MS;
    const query = { beforeMs, fromMs, limit };
    const { rows, coverage } = await this.parts.store.read(market.series, query);
    const byOpen = new Map(rows.map((row) => [row.openMs, row]));
    for (const openMs of opens) {
      const proven = market.unchecked.get(openMs);
      market.unchecked.delete(openMs);
      // Purged meanwhile.
      if (!coverage.contains({ fromMs: openMs, untilMs: openMs + MINUTE_MS })) continue;
      checkRow(market, { openMs, proven, own: byOpen.get(openMs) }, this.parts.log);
    }
  }
}
