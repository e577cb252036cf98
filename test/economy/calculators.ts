import { LATEST_MS } from '@candlekeep/candle-cache';
import { type MarketCode, type Series, Timeframe } from '@candlekeep/market';
import type { SeededRandom } from '../support/seeded-random';
import type { TimedRequest } from './timed-request';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** A stretch of virtual time, epoch ms. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A rule that asks again just after each slot of its timeframe has opened, or of another one. */
export interface Rule {
  readonly timeframe: string;
  readonly count: number;
  /** How old the newest row may be. Default 1,000 ms. */
  readonly maxAgeMs?: number;
  /** Default: its own timeframe. */
  readonly each?: string;
}

/** One position with seven rules: 2,400 requests a day. */
export const SEVEN_RULES: readonly Rule[] = [
  ...Array.from({ length: 4 }, (): Rule => ({ timeframe: '15m', count: 60 })),
  ...Array.from({ length: 2 }, (): Rule => ({ timeframe: '5m', count: 20 })),
  { timeframe: '1m', count: 10 },
];

/** Rules of one market over a span, all within `jitterMs` after the boundary. */
export function followRules(
  { market, span, jitterMs }: { market: MarketCode; span: Span; jitterMs: number },
  rules: readonly Rule[],
  random: SeededRandom,
): TimedRequest[] {
  return rules.flatMap(({ timeframe, count, maxAgeMs = 1_000, each = timeframe }) => {
    const [series, clock] = [seriesOf(market, timeframe), Timeframe.parse(each)];
    const requests: TimedRequest[] = [];
    for (let at = clock.ceil(span.fromMs); at < span.untilMs; at = clock.closeOf(at)) {
      const atMs = at + random.between(0, jitterMs);
      requests.push({ atMs, series, beforeMs: LATEST_MS, count, maxAgeMs });
    }
    return requests;
  });
}

/** Calculators that ask at a steady pace, each from a moment of its own. */
export function poll(
  { market, span, everyMs }: { market: MarketCode; span: Span; everyMs: number },
  rules: readonly Rule[],
  random: SeededRandom,
): TimedRequest[] {
  return rules.flatMap(({ timeframe, count, maxAgeMs = 1_000 }) => {
    const requests: TimedRequest[] = [];
    const startMs = span.fromMs + random.between(0, everyMs);
    for (let atMs = startMs; atMs < span.untilMs; atMs += everyMs) {
      const series = seriesOf(market, timeframe);
      requests.push({ atMs, series, beforeMs: LATEST_MS, count, maxAgeMs });
    }
    return requests;
  });
}

/** A screener's run: each market in turn, four indicators at once. */
export function screen(
  { markets, atMs, count }: { markets: readonly MarketCode[]; atMs: number; count: number },
  everyMs = 100,
): TimedRequest[] {
  return markets.flatMap((market, index) => {
    const series = seriesOf(market, '1d');
    const request = { atMs: atMs + index * everyMs, series, beforeMs: LATEST_MS, maxAgeMs: 1_000 };
    return Array.from({ length: 4 }, () => ({ ...request, count }));
  });
}

/** A chart: opens with 200 candles, scrolls back over some pages, then follows the newest candle. */
export function chart(
  {
    series,
    atMs,
    pages,
    followMs,
  }: { series: Series; atMs: number; pages: number; followMs: number },
  everyMs = 1_000,
): TimedRequest[] {
  const { timeframe } = series;
  const opening = { atMs, series, beforeMs: LATEST_MS, count: 200, maxAgeMs: 1_000 };
  const scrolls = Array.from({ length: pages }, (_, page): TimedRequest => {
    const beforeMs = timeframe.shift(atMs, -199 - 200 * page);
    return { ...opening, atMs: atMs + (page + 1) * 700, beforeMs };
  });
  const follows: TimedRequest[] = [];
  for (let at = atMs + everyMs; at < atMs + followMs; at += everyMs) {
    follows.push({ ...opening, atMs: at, count: 2 });
  }
  return [opening, ...scrolls, ...follows];
}

/** A backtest: so many closed candles before an instant, page by page, the oldest or the newest first. */
export function backtest(
  {
    series,
    atMs,
    untilMs,
    candles,
  }: { series: Series; atMs: number; untilMs: number; candles: number },
  isOldestFirst: boolean,
): TimedRequest[] {
  const { timeframe } = series;
  const pages = Array.from({ length: candles / 200 }, (_, page) => page);
  if (isOldestFirst) pages.reverse();
  return pages.map((page, index) => ({
    ...{ atMs: atMs + index * 100, series, count: 200, maxAgeMs: 1_000 },
    beforeMs: timeframe.shift(untilMs, -200 * page),
  }));
}

export function seriesOf(market: MarketCode, timeframe: string): Series {
  return { market, timeframe: Timeframe.parse(timeframe) };
}
