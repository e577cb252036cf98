import { type Candle, isoSeconds, type Series } from '@candlekeep/market';
import { eventText } from './event-wire';

export interface ToldCandle {
  readonly series: Series;
  readonly row: Candle;
  readonly isFinal: boolean;
  /** As of when the row stood so, epoch ms. */
  readonly asOfMs: number;
}

/** The fields of a `candle` event. Amounts are decimal text, digit by digit the exchange's own. */
export function candleEvent({ series, row, isFinal, asOfMs }: ToldCandle): string {
  const data = {
    ...{ market: series.market, timeframe: series.timeframe.code },
    ...{ openMs: row.openMs, openTime: `${isoSeconds(row.openMs)}Z` },
    ...{ open: row.open, high: row.high, low: row.low, close: row.close },
    ...{ volume: row.volume, turnover: row.turnover, timestampMs: row.timestampMs },
    ...(row.daily === undefined ? {} : { daily: row.daily }),
    ...{ final: isFinal, asOfMs },
  };
  return eventText('candle', data);
}

/** The last event of whoever's key was revoked. */
export const REVOKED_EVENT = eventText('revoked', {
  detail: 'This key was revoked: ask the operator of this gateway for another one.',
});

/** The fields of a `gap` event: final candles that opened in [fromMs, untilMs) are not told. */
export function gapEvent(
  { market, timeframe }: Series,
  range: { readonly fromMs: number; readonly untilMs: number },
): string {
  return eventText('gap', { market, timeframe: timeframe.code, ...range });
}
