import type { SeriesName } from '@candlekeep/client';
import type { SeenCandle, SeenCandles } from './variables/candle-window';

/** What is asked of one series. */
export interface CandlesWanted extends SeriesName {
  readonly count: number;
  readonly signal: AbortSignal;
}

/** A candle of one of several series, as the stream tells it. */
export interface ToldCandle extends SeenCandle, SeriesName {}

/** What is heard of a subscription. */
export interface StreamListener {
  candle(told: ToldCandle): void;
  /** Some candles will not be told: read them. */
  gap(): void;
  /** The stream is away; it comes back by itself. */
  problem(error: Error): void;
}

/** Candles as a gateway gives them: what is used of the SDK's client. */
export interface GatewayCandles {
  /** The newest candles, oldest first. Rejects with the reason where there is no answer, or where `signal` aborts. */
  getCandles(wanted: CandlesWanted): Promise<SeenCandles>;
  subscribe(series: readonly SeriesName[], listener: StreamListener): { close(): void };
  close(): void;
}
