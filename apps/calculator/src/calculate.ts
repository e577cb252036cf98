import type { CandlekeepClient } from '@candlekeep/client';
import type { Series } from '@candlekeep/market';
import { candleNeed } from '@candlekeep/strategies';
import { atr, rsi, sma } from './indicators';

const RSI_PERIOD = 14;
const SMA_PERIOD = 20;
const ATR_PERIOD = 20;

/** Trading variables of one series at one moment; undefined where history is too short for a value. */
export interface Variables {
  readonly rsi: number | undefined;
  readonly sma: number | undefined;
  readonly atr: number | undefined;
  /** Close of the newest candle. */
  readonly price: number | undefined;
  readonly candles: number;
  readonly asOfMs: number;
  readonly cacheStatus: string;
}

/** Asks for as many candles as the hungriest variable needs, and computes all of them from one answer. */
export async function calculate(client: CandlekeepClient, series: Series): Promise<Variables> {
  const count = Math.max(
    candleNeed('RSI', RSI_PERIOD).settled,
    candleNeed('SMA', SMA_PERIOD).settled,
    candleNeed('ATR', ATR_PERIOD).settled,
  );
  const { candles, asOfMs, cacheStatus } = await client.getCandles({ series, count });
  const rows = candles.map(({ high, low, close }) => ({
    high: Number(high),
    low: Number(low),
    close: Number(close),
  }));
  const closes = rows.map(({ close }) => close);
  return {
    rsi: rsi(closes, RSI_PERIOD),
    sma: sma(closes, SMA_PERIOD),
    atr: atr(rows, ATR_PERIOD),
    price: closes.at(-1),
    ...{ candles: rows.length, asOfMs, cacheStatus },
  };
}
