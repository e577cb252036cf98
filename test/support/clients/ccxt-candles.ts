import { z } from 'zod';
import type { ToldCandle } from './agreement';
import type { Call } from './side-by-side';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Every timeframe that ccxt has for this exchange, with the length by which it turns `since` into `to`, ms. */
export const CCXT_TIMEFRAMES: readonly (readonly [timeframe: string, lengthMs: number])[] = [
  ['1s', SECOND_MS],
  ['1m', MINUTE_MS],
  ['3m', 3 * MINUTE_MS],
  ['5m', 5 * MINUTE_MS],
  ['10m', 10 * MINUTE_MS],
  ['15m', 15 * MINUTE_MS],
  ['30m', 30 * MINUTE_MS],
  ['1h', HOUR_MS],
  ['4h', 4 * HOUR_MS],
  ['1d', DAY_MS],
  ['1w', 7 * DAY_MS],
  ['1M', 30 * DAY_MS],
  ['1y', 365 * DAY_MS],
];

const num = z.number();
const row = z.tuple([num, num, num, num, num, num]);

/** Reads what `fetchOHLCV` returns: `[open ms, open, high, low, close, volume]`, oldest first. */
export function readCcxtCandles(value: unknown): ToldCandle[] {
  return z
    .array(row)
    .parse(value)
    .map((whole) => {
      const [openMs, open, high, low, , volume] = whole;
      return { openMs, open, high, low, volume, whole };
    });
}

/**
 * A grid of questions: the newest page, pages that reach into the future, end in the past, begin between two opens or lie at and
 * before the beginning of history, more rows than a page has, and `to` in all its spellings.
 */
export function ccxtCandleCalls(timeframe: string, lengthMs: number, nowMs: number): Call[] {
  const ago = (candles: number): number => Math.floor(nowMs / lengthMs - candles) * lengthMs;
  const lastWeek = new Date(nowMs - 7 * DAY_MS).toISOString().slice(0, 10);
  const ranges: readonly (readonly unknown[])[] = [
    [],
    [undefined, 5],
    [undefined, 500],
    [ago(10)],
    [ago(30), 3],
    [ago(700) + 234, 500],
    [Date.UTC(2017, 8, 25), 40],
    [Date.UTC(2016, 0, 1), 10],
    [undefined, 7, { to: `${lastWeek} 14:41:00` }],
    [undefined, 7, { to: `${lastWeek}T14:41:00Z` }],
    [undefined, 7, { to: `${lastWeek}T23:41:00+09:00` }],
  ];
  return ranges.map((range): Call => ['fetchOHLCV', 'BTC/KRW', timeframe, ...range]);
}
