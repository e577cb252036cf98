import type { TickerFrame } from '@candlekeep/exchange-client';
import { scaledOf, Timeframe } from '@candlekeep/market';
import type { HeardTrade } from './heard-trade';
import { VolumeChain, type VolumeHole } from './volume-chain';

const DAY = Timeframe.parse('1d');
/** The day that is over has its last minutes to settle. */
const MOST_DAYS = 2;
/** Of a ticker that no trades fit. */
const NO_VOLUME = -1n;
/** Trades kept before the first ticker, at most. */
const MOST_EARLY = 1_000;
/** Trades that wait for a ticker, at most. */
const MOST_UNCOUNTED = 10_000;

/** The volume chains of a market, one a UTC day. */
export class DayVolumes {
  private chains = new Map<number, VolumeChain>();
  private early: HeardTrade[] = [];

  /** Whether any ticker has told where the market stands. */
  isBegun(): boolean {
    return this.chains.size > 0;
  }

  hearTrade(trade: HeardTrade): void {
    if (!this.isBegun()) {
      this.early.push(trade);
      if (this.early.length > MOST_EARLY) this.early.shift();
      return;
    }
    const chain = this.chainAt(trade.tradedAtMs);
    chain?.hearTrade(trade);
    // No ticker tells of any of them: the tickers of this market do not come.
    if ((chain?.uncountedTrades ?? 0) > MOST_UNCOUNTED) this.forget();
  }

  hearTicker(frame: TickerFrame, heardAtMs: number): void {
    const { tradedAtMs, sentAtMs } = frame;
    const amounts = { price: scaledOf(frame.price), volume: scaledOf(frame.volume) };
    const ticker = { tradedAtMs, sentAtMs, ...amounts, heardAtMs };
    if (!this.isBegun()) {
      this.chains.set(DAY.floor(tradedAtMs), new VolumeChain(ticker));
      const early = this.early.splice(0);
      early.forEach((trade) => this.chainAt(trade.tradedAtMs)?.hearTrade(trade));
      return;
    }
    // Sent after midnight about a trade before it: of which day the volume is, is not said. The trade is not proven by it.
    const isStray = DAY.floor(tradedAtMs) !== DAY.floor(sentAtMs);
    const told = isStray ? { ...ticker, volume: NO_VOLUME } : ticker;
    this.chainAt(tradedAtMs)?.hearTicker(told);
  }

  /** The chain of a day; undefined before the first ticker and for days long gone. A day after the first ticker's begins with nothing. */
  chainAt(ms: number): VolumeChain | undefined {
    const dayMs = DAY.floor(ms);
    const known = this.chains.get(dayMs);
    if (known !== undefined || !this.isBegun()) return known;
    if (dayMs < Math.max(...this.chains.keys())) return undefined;
    const chain = new VolumeChain({ tradedAtMs: dayMs - 1, volume: 0n });
    this.chains.set(dayMs, chain);
    const [oldest] = this.chains.keys();
    if (this.chains.size > MOST_DAYS && oldest !== undefined) this.chains.delete(oldest);
    return chain;
  }

  /** What would be holes if the trades of tickers never came. */
  unsettled(): VolumeHole[] {
    return [...this.chains.values()].flatMap((chain) => chain.unsettled());
  }

  takeHoles(exchangeMs: number): VolumeHole[] {
    return [...this.chains.values()].flatMap((chain) => chain.takeHole(exchangeMs) ?? []);
  }

  /** Forgets all: the next ticker is the first. */
  forget(): void {
    this.chains = new Map();
    this.early = [];
  }
}
