import type { Candle } from '@candlekeep/market';
import { isCandle } from '../answers/candle-page';
import { misunderstood } from '../answers/misunderstood';
import { findJson, isRecord } from '../json-value';

/** A candle as it became, or stands. Amounts are exact decimal text. */
export interface CandleEvent extends Candle {
  readonly market: string;
  readonly timeframe: string;
  /** ISO 8601, UTC. */
  readonly openTime: string;
  /** True: it can change no more, and is told once. False: the newest candle, as of `asOfMs`. */
  readonly final: boolean;
  /** Epoch ms. */
  readonly asOfMs: number;
}

/** Final candles that opened in [fromMs, untilMs) are not told: too many for a stream that was away. `readRange` brings them. */
export interface GapEvent {
  readonly market: string;
  readonly timeframe: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Throws `CandlekeepRequestFailed` for what is no such event. */
export function readCandleEvent(data: string): CandleEvent {
  const value = findJson(data);
  if (isCandleEvent(value)) return value;
  throw misunderstood(`an event "candle" is ${data}`);
}

/** Throws `CandlekeepRequestFailed` for what is no such event. */
export function readGapEvent(data: string): GapEvent {
  const value = findJson(data);
  if (isGapEvent(value)) return value;
  throw misunderstood(`an event "gap" is ${data}`);
}

function isCandleEvent(value: unknown): value is CandleEvent {
  if (!isRecord(value) || !isOfSeries(value)) return false;
  const { openTime, final, asOfMs } = value;
  const isTold =
    typeof openTime === 'string' && typeof final === 'boolean' && typeof asOfMs === 'number';
  return isTold && isCandle(value);
}

function isGapEvent(value: unknown): value is GapEvent {
  if (!isRecord(value) || !isOfSeries(value)) return false;
  return typeof value.fromMs === 'number' && typeof value.untilMs === 'number';
}

function isOfSeries({ market, timeframe }: Readonly<Record<string, unknown>>): boolean {
  return typeof market === 'string' && typeof timeframe === 'string';
}
