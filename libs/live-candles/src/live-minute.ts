import type { CandleFrame } from '@candlekeep/exchange-client';
import { scaledOf } from '@candlekeep/market';
import { type HeardTrade, insertByTime } from './heard-trade';

/** The best candle frame of a minute. */
export interface BestFrame {
  readonly frame: CandleFrame;
  /** In 10^-8. */
  readonly volume: bigint;
  /** As of when it was heard, monotonic ms. */
  readonly heardAtMs: number;
}

/** What was heard of one minute. It only grows: whatever says less than is known already is old news, in whatever order it comes. */
export class LiveMinute {
  best: BestFrame | undefined;
  /** Unique, in the order of execution, and in that of arrival. */
  readonly trades: HeardTrade[] = [];
  readonly arrivals: HeardTrade[] = [];
  volume = 0n;
  /** Whether trades were heard that are not kept any more. */
  hasForgotten = false;
  /** Rises with each change. */
  revision = 0;
  private readonly ids = new Set<bigint>();

  constructor(readonly openMs: number) {}

  /** Takes a candle frame; true when it tells of more than frames and trades did. */
  hearCandle(frame: CandleFrame, heardAtMs: number): boolean {
    const volume = scaledOf(frame.volume);
    const isNews = volume > this.knownVolume();
    const known = this.best;
    if (known !== undefined && !isBetter({ frame, volume }, known)) return false;
    this.best = { frame, volume, heardAtMs };
    this.revision += 1;
    return isNews;
  }

  /** Takes a trade; false when it was known. */
  hearTrade(trade: HeardTrade): boolean {
    if (this.ids.has(trade.id)) return false;
    this.ids.add(trade.id);
    insertByTime(this.trades, trade);
    this.arrivals.push(trade);
    this.volume += trade.volume;
    this.revision += 1;
    return true;
  }

  isSilent(): boolean {
    return this.best === undefined && this.trades.length === 0 && !this.hasForgotten;
  }

  forgetTrades(): void {
    if (this.trades.length === 0) return;
    this.trades.length = 0;
    this.arrivals.length = 0;
    this.ids.clear();
    this.hasForgotten = true;
    this.revision += 1;
  }

  private knownVolume(): bigint {
    const told = this.best?.volume ?? 0n;
    return told > this.volume ? told : this.volume;
  }
}

function isBetter(one: Omit<BestFrame, 'heardAtMs'>, other: BestFrame): boolean {
  if (one.volume !== other.volume) return one.volume > other.volume;
  return one.frame.timestampMs > other.frame.timestampMs;
}
