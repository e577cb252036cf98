import type { MarketCode, Timeframe } from '@candlekeep/market';

/** A candle as it stood after one more trade; the same candle comes many times, and nothing says that it has closed. */
export interface CandleFrame {
  readonly kind: 'candle';
  readonly market: MarketCode;
  readonly timeframe: Timeframe;
  /** Start of the slot, epoch ms UTC. */
  readonly openMs: number;
  /** Prices and volume: 8 fraction digits. */
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  /** 8 fraction digits, or 16 when the exchange sent more than 8: nothing is rounded here. */
  readonly turnover: string;
  /** When the exchange stored the last tick, epoch ms. */
  readonly timestampMs: number;
  /** True for the first frame of a series on a connection: the newest candle there is, of whatever age. */
  readonly isSnapshot: boolean;
}

/** One execution. Trades may come out of order and, after a reconnect, again: `sequentialId` tells them apart. */
export interface TradeFrame {
  readonly kind: 'trade';
  readonly market: MarketCode;
  /** Unique within a market; more digits than a double holds. Its order means nothing. */
  readonly sequentialId: string;
  /** When it was executed, and when the exchange sent it, epoch ms. */
  readonly tradedAtMs: number;
  readonly sentAtMs: number;
  /** 8 fraction digits, both above zero. */
  readonly price: string;
  readonly volume: string;
  /** Side of the taker. */
  readonly taker: 'ask' | 'bid';
  readonly isSnapshot: boolean;
}

/** The state of a market, since 00:00 UTC unless it says otherwise. It may come again without a new trade. */
export interface TickerFrame {
  readonly kind: 'ticker';
  readonly market: MarketCode;
  /** When the last trade was executed, and when the exchange sent this, epoch ms. */
  readonly tradedAtMs: number;
  readonly sentAtMs: number;
  /** Prices and volume: 8 fraction digits. `price` is the last one. */
  readonly price: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly previousClose: string;
  readonly volume: string;
  /** 8 fraction digits, or 16 when the exchange sent more than 8. */
  readonly turnover: string;
  readonly isSnapshot: boolean;
}

/** That an order book changed; what is in it is not read. */
export interface OrderBookFrame {
  readonly kind: 'orderbook';
  readonly market: MarketCode;
  /** When the exchange sent it, epoch ms. */
  readonly sentAtMs: number;
  readonly isSnapshot: boolean;
}

export type StreamFrame = CandleFrame | TradeFrame | TickerFrame | OrderBookFrame;
