import type { HeardTrade } from './heard-trade';

/** A ticker in numbers. */
export interface HeardTicker {
  /** When the last trade that it knows was executed, and when the exchange sent it, epoch ms. */
  readonly tradedAtMs: number;
  readonly sentAtMs: number;
  /** Of that trade, in 10^-8. */
  readonly price: bigint;
  /** Of the UTC day, in 10^-8. */
  readonly volume: bigint;
  /** As of when it was heard, monotonic ms. */
  readonly heardAtMs: number;
}

/** A stretch in which something was traded that was not heard. */
export interface VolumeHole {
  /** Every trade up to here was heard, epoch ms. */
  readonly afterMs: number;
  /** The missing trade was executed by then, epoch ms. */
  readonly untilMs: number;
  /** When the exchange told of it, epoch ms. */
  readonly sentAtMs: number;
  /** As of when it was known, monotonic ms. */
  readonly heardAtMs: number;
}

/** How long a trade may come after the ticker that counts it, ms. */
export const TRADE_PATIENCE_MS = 3_000;
/** Tickers that wait for their trades, at most. */
const MOST_WAITING = 64;

/**
 * Holds one day's tickers against its trades. A ticker counts exactly the trades up to its `tradedAtMs`, so between two tickers
 * the day's volume must grow by the trades executed between them; neither has to come first. What does not fit within
 * {@link TRADE_PATIENCE_MS} is a hole, after which the count starts anew.
 */
export class VolumeChain {
  /** Trades executed after this were all heard, up to `levelMs`; epoch ms. */
  provenFromMs: number;
  levelMs: number;
  /** Rises whenever trades are counted. */
  revision = 0;
  private volume: bigint;
  private uncounted: HeardTrade[] = [];
  private waiting: HeardTicker[] = [];

  constructor(start: { readonly tradedAtMs: number; readonly volume: bigint }) {
    this.provenFromMs = start.tradedAtMs;
    this.levelMs = start.tradedAtMs;
    this.volume = start.volume;
  }

  /** Trades that no ticker has counted yet. */
  get uncountedTrades(): number {
    return this.uncounted.length;
  }

  hearTrade(trade: HeardTrade): void {
    if (trade.tradedAtMs <= this.provenFromMs) return;
    this.uncounted.push(trade);
    this.settle();
  }

  hearTicker(ticker: HeardTicker): void {
    const { volume, tradedAtMs } = ticker;
    if (volume <= this.volume && tradedAtMs <= this.levelMs) return;
    if (this.waiting.some((known) => isSame(known, ticker))) return;
    this.waiting.push(ticker);
    if (this.waiting.length > MOST_WAITING) this.waiting.splice(1, 1);
    this.settle();
  }

  /** Whether all trades of a minute that opened at `openMs` are accounted for, as far as `levelMs` reaches. */
  covers(openMs: number): boolean {
    return this.provenFromMs < openMs;
  }

  /** What would be holes if the trades of tickers never came. */
  unsettled(): VolumeHole[] {
    const afterMs = this.levelMs;
    return this.waiting.map(({ tradedAtMs, sentAtMs, heardAtMs }) => {
      return { afterMs, untilMs: tradedAtMs, sentAtMs, heardAtMs };
    });
  }

  /** The hole that is one by `exchangeMs`, told once. */
  takeHole(exchangeMs: number): VolumeHole | undefined {
    const first = this.waiting[0];
    if (first === undefined || exchangeMs - first.sentAtMs <= TRADE_PATIENCE_MS) return undefined;
    const newest = this.waiting.reduce((most, ticker) => (isNewer(ticker, most) ? ticker : most));
    const hole = {
      afterMs: this.levelMs,
      untilMs: newest.tradedAtMs,
      sentAtMs: newest.sentAtMs,
      heardAtMs: first.heardAtMs,
    };
    this.provenFromMs = newest.tradedAtMs;
    this.countTo(newest, first.heardAtMs);
    this.waiting = [];
    return hole;
  }

  private settle(): void {
    const fitting = this.waiting.filter((ticker) => this.fits(ticker));
    if (fitting.length === 0) return;
    const newest = fitting.reduce((most, ticker) => (isNewer(ticker, most) ? ticker : most));
    this.countTo(newest, this.waiting[0]?.heardAtMs ?? newest.heardAtMs);
    this.waiting = this.waiting.filter((ticker) => isNewer(ticker, newest));
  }

  /** Of trades in the same ms it may count some only: the last that it counts must be among the heard. */
  private fits(ticker: HeardTicker): boolean {
    const { tradedAtMs, price, volume } = ticker;
    const heard = this.uncounted.filter((trade) => trade.tradedAtMs <= tradedAtMs);
    const sum = heard.reduce((total, trade) => total + trade.volume, this.volume);
    if (sum !== volume) return false;
    const isLast = (trade: HeardTrade): boolean =>
      trade.tradedAtMs === tradedAtMs && trade.price === price;
    return tradedAtMs <= this.levelMs || heard.some(isLast);
  }

  /** A trade that was told by a ticker before its own frame came was known since then. */
  private countTo(ticker: HeardTicker, knownAtMs: number): void {
    const counted = this.uncounted.filter((trade) => trade.tradedAtMs <= ticker.tradedAtMs);
    for (const trade of counted) {
      trade.isCounted = true;
      trade.isDated = this.waiting.some((told) => isOfTrade(told, trade));
      trade.knownAtMs = Math.min(trade.knownAtMs, knownAtMs);
    }
    this.revision += 1;
    this.uncounted = this.uncounted.filter((trade) => trade.tradedAtMs > ticker.tradedAtMs);
    this.levelMs = Math.max(this.levelMs, ticker.tradedAtMs);
    this.volume = ticker.volume;
  }
}

function isOfTrade(ticker: HeardTicker, { tradedAtMs, sentAtMs }: HeardTrade): boolean {
  return ticker.tradedAtMs === tradedAtMs && ticker.sentAtMs === sentAtMs;
}

function isSame(one: HeardTicker, other: HeardTicker): boolean {
  return one.volume === other.volume && one.tradedAtMs === other.tradedAtMs;
}

function isNewer(one: HeardTicker, other: HeardTicker): boolean {
  if (one.volume !== other.volume) return one.volume > other.volume;
  return one.tradedAtMs > other.tradedAtMs;
}
