import type { CandleFrame, TickerFrame, TradeFrame } from '@candlekeep/exchange-client';
import { type Candle, parseMarketCode, textOfScaled, Timeframe } from '@candlekeep/market';

export const MARKET = parseMarketCode('KRW-BTC');
export const MINUTE = Timeframe.parse('1m');
const DAY = Timeframe.parse('1d');
const SECOND_MS = 1_000;
const UNIT = 10n ** 8n;

export type MarketFrame = CandleFrame | TradeFrame | TickerFrame;

/** A trade as the exchange knows it. */
export interface TrueTrade {
  readonly id: bigint;
  readonly tradedAtMs: number;
  /** When it was stored; trades are stored in the order of execution. */
  readonly storedAtMs: number;
  /** When its frame left: later than its storage when another one overtook it. */
  readonly sentAtMs: number;
  /** In 10^-8. */
  readonly price: bigint;
  readonly volume: bigint;
}

/** A frame and when it left the exchange, epoch ms. */
export interface SentFrame {
  readonly sentMs: number;
  readonly frame: MarketFrame;
}

/** A market of which all is known: what it shows at any instant, and what its stream tells. */
export class TrueMarket {
  private readonly minutes = new Map<number, readonly TrueTrade[]>();

  constructor(readonly trades: readonly TrueTrade[]) {
    for (const trade of trades) {
      this.minutes.set(MINUTE.floor(trade.tradedAtMs), [...this.of(trade.tradedAtMs), trade]);
    }
  }

  /** The trades of the minute in which an instant lies. */
  of(ms: number): readonly TrueTrade[] {
    return this.minutes.get(MINUTE.floor(ms)) ?? [];
  }

  /** The candle of a minute as it stands at `nowMs`, or for good. */
  candle(openMs: number, nowMs = Infinity): Candle | undefined {
    const stored = this.of(openMs).filter(({ storedAtMs }) => storedAtMs <= nowMs);
    const [first, last] = [stored[0], stored.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const prices = stored.map(({ price }) => price).sort((a, b) => Number(a - b));
    return {
      openMs,
      open: textOfScaled(first.price),
      high: textOfScaled(prices.at(-1) ?? 0n),
      low: textOfScaled(prices[0] ?? 0n),
      close: textOfScaled(last.price),
      timestampMs: last.storedAtMs,
      turnover: textOfScaled(stored.reduce((sum, t) => sum + t.price * t.volume, 0n) / UNIT),
      volume: textOfScaled(stored.reduce((sum, { volume }) => sum + volume, 0n)),
    };
  }

  /** What a new connection is told first. */
  snapshots(nowMs: number): MarketFrame[] {
    const last = this.trades.findLast(({ storedAtMs }) => storedAtMs <= nowMs);
    if (last === undefined) return [];
    const candle = this.candle(MINUTE.floor(last.tradedAtMs), nowMs);
    const frames = [tradeFrame(last, true), this.tickerFrame(nowMs, true)];
    return candle === undefined ? frames : [...frames, candleFrame(candle, true)];
  }

  /** All that follows, in the order in which it leaves. */
  frames(untilMs: number): SentFrame[] {
    const trades = this.trades.map((trade) => ({
      sentMs: trade.sentAtMs,
      frame: tradeFrame(trade, false),
    }));
    const changes = [...new Set(this.trades.map(({ storedAtMs }) => storedAtMs))];
    const tickers = changes.map((sentMs) => ({ sentMs, frame: this.tickerFrame(sentMs, false) }));
    const all = [...trades, ...tickers, ...this.candleFrames(changes)];
    return all.filter(({ sentMs }) => sentMs < untilMs).sort((a, b) => a.sentMs - b.sentMs);
  }

  /** At each full second, the candle of the second before, if something was stored in it. */
  private candleFrames(changes: readonly number[]): SentFrame[] {
    const ticks = new Set(
      changes.map((atMs) => Math.floor(atMs / SECOND_MS) * SECOND_MS + SECOND_MS),
    );
    return [...ticks].flatMap((tickMs) => {
      const openMs = MINUTE.floor(tickMs - 1);
      const now = this.candle(openMs, tickMs - 1);
      const before = this.candle(openMs, tickMs - SECOND_MS - 1);
      if (now === undefined || now.volume === before?.volume) return [];
      return { sentMs: tickMs, frame: candleFrame(now, false) };
    });
  }

  private tickerFrame(nowMs: number, isSnapshot: boolean): TickerFrame {
    const stored = this.trades.filter(({ storedAtMs }) => storedAtMs <= nowMs);
    const last = stored.at(-1);
    const today = stored.filter(({ tradedAtMs }) => tradedAtMs >= DAY.floor(nowMs));
    const price = textOfScaled(last?.price ?? 0n);
    const prices = { price, open: price, high: price, low: price, previousClose: price };
    return {
      kind: 'ticker',
      market: MARKET,
      tradedAtMs: last?.tradedAtMs ?? 0,
      sentAtMs: last?.storedAtMs ?? 0,
      ...prices,
      volume: textOfScaled(today.reduce((sum, { volume }) => sum + volume, 0n)),
      turnover: '0.00000000',
      isSnapshot,
    };
  }
}

function candleFrame(row: Candle, isSnapshot: boolean): CandleFrame {
  const { openMs, open, high, low, close, volume, turnover, timestampMs } = row;
  const amounts = { open, high, low, close, volume, turnover };
  const series = { market: MARKET, timeframe: MINUTE };
  return { kind: 'candle', ...series, openMs, ...amounts, timestampMs, isSnapshot };
}

export function tradeFrame(trade: TrueTrade, isSnapshot: boolean): TradeFrame {
  const { id, tradedAtMs, sentAtMs, price, volume } = trade;
  return {
    kind: 'trade',
    market: MARKET,
    sequentialId: String(id),
    tradedAtMs,
    sentAtMs,
    price: textOfScaled(price),
    volume: textOfScaled(volume),
    taker: 'bid',
    isSnapshot,
  };
}
