import { type Series, seriesName, Timeframe } from '@candlekeep/market';

/** What is needed of a series. */
export interface SeriesNeed {
  readonly series: Series;
  /** The newest candles, the forming one included, with the margin. */
  readonly candles: number;
  readonly reasons: readonly NeedReason[];
}

/** Why it is needed, for people. */
export interface NeedReason {
  /** `management[1].conditions[0].external`. */
  readonly where: string;
  /** `RSI 14`. */
  readonly variable: string;
  /** Without the margin. */
  readonly candles: number;
  readonly because: string;
}

/** Per series the largest need with all reasons, the largest first; by market, then by timeframe, shortest first. */
export function mergeNeeds(needs: Iterable<SeriesNeed>): readonly SeriesNeed[] {
  const merged = new Map<string, SeriesNeed>();
  for (const need of needs) {
    const name = seriesName(need.series);
    const known = merged.get(name);
    merged.set(name, known === undefined ? need : joined(known, need));
  }
  return [...merged.values()].sort(bySeries);
}

function joined(a: SeriesNeed, b: SeriesNeed): SeriesNeed {
  const reasons = [...a.reasons, ...b.reasons].sort((one, other) => other.candles - one.candles);
  return { series: a.series, candles: Math.max(a.candles, b.candles), reasons };
}

function bySeries({ series: a }: SeriesNeed, { series: b }: SeriesNeed): number {
  if (a.market !== b.market) return a.market < b.market ? -1 : 1;
  return Timeframe.ALL.indexOf(a.timeframe) - Timeframe.ALL.indexOf(b.timeframe);
}
