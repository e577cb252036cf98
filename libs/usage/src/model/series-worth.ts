import type { Series } from '@candlekeep/market';
import type { AskedQuestion } from './asked-question';
import { bySeries, quantile, type Weighed } from './patterns';

/** Requests that the rows of a series' worth are enough for. */
const SERVED = 0.95;
const LIKELY = 0.5;

/** What a series is worth in memory. */
export interface SeriesWorth {
  readonly series: Series;
  /** Rows behind the present slot's end that 95 % of its requests, decayed, need at most. */
  readonly rows: number;
  /** When it is expected to be asked for next, epoch ms; undefined: unknown. */
  readonly nextUseMs: number | undefined;
  /** Of all requests, decayed; 0..1. */
  readonly share: number;
}

/** The most frequent first. */
export function weighSeries(weighed: readonly Weighed[], nowMs: number): readonly SeriesWorth[] {
  const all = weighed.reduce((sum, { requests }) => sum + requests, 0);
  return [...bySeries(weighed).values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const requests = group.reduce((sum, one) => sum + one.requests, 0);
      const rows = quantile(group, ({ question }) => question.back + question.count, SERVED);
      const nextUseMs = soonest(group.map(({ asked }) => nextUseOf(asked, nowMs)));
      const { series } = first.asked.question;
      return [{ series, rows, nextUseMs, share: all > 0 ? requests / all : 0 }];
    })
    .sort((a, b) => b.share - a.share);
}

function nextUseOf(asked: AskedQuestion, nowMs: number): number | undefined {
  return soonest(asked.rhythms.map((rhythm) => rhythm.findNext(nowMs, LIKELY)));
}

function soonest(instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((atMs) => atMs !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
