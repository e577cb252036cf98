import type { CandleFrame } from '@candlekeep/exchange-client';
import { Timeframe } from '@candlekeep/market';
import type { HeardTrade } from './heard-trade';
import { LiveMinute } from './live-minute';

export const MINUTE = Timeframe.parse('1m');
export const MINUTE_MS = 60_000;
/** How long trades are kept after the newest heard minute opened, ms: a bound for memory, and for how late a repeat is known as one. */
const TRADES_KEPT_MS = 10 * MINUTE_MS;
/** How long rows are kept after the newest heard minute opened, ms. */
const ROWS_KEPT_MS = 60 * MINUTE_MS;

/** The last minutes of a market in which something was heard. */
export class MinuteBook {
  /** Nothing is remembered of minutes that opened before, epoch ms. */
  keptFromMs = 0;
  private readonly minutes = new Map<number, LiveMinute>();
  private newestMs = 0;

  find(openMs: number): LiveMinute | undefined {
    return this.minutes.get(openMs);
  }

  /** Minutes that open at or after the instant, oldest first. */
  from(openMs: number): LiveMinute[] {
    const minutes = [...this.minutes.values()].filter((minute) => minute.openMs >= openMs);
    return minutes.sort((a, b) => a.openMs - b.openMs);
  }

  /** True when the frame tells of trades that were not known. */
  hearCandle(frame: CandleFrame, heardAtMs: number): boolean {
    return this.minuteOf(frame.openMs)?.hearCandle(frame, heardAtMs) ?? false;
  }

  /** False for a trade that was known. Of one that is older than memory that cannot be told: it counts as known. */
  hearTrade(trade: HeardTrade): boolean {
    return this.minuteOf(MINUTE.floor(trade.tradedAtMs))?.hearTrade(trade) ?? false;
  }

  private minuteOf(openMs: number): LiveMinute | undefined {
    const known = this.minutes.get(openMs);
    if (known !== undefined || openMs < this.keptFromMs) return known;
    const minute = new LiveMinute(openMs);
    this.minutes.set(openMs, minute);
    if (openMs > this.newestMs) this.forgetBefore(openMs);
    return minute;
  }

  private forgetBefore(newestMs: number): void {
    this.newestMs = newestMs;
    this.keptFromMs = Math.max(this.keptFromMs, newestMs - ROWS_KEPT_MS);
    for (const [openMs, minute] of this.minutes) {
      if (openMs < this.keptFromMs) this.minutes.delete(openMs);
      else if (openMs < newestMs - TRADES_KEPT_MS) minute.forgetTrades();
    }
  }
}
