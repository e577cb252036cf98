import { type CandleQuery, LATEST_MS, PAGE_ROWS } from '@candlekeep/candle-cache';
import type { Series } from '@candlekeep/market';

/** A question that somebody is expected to ask. */
export interface EarlyQuestion {
  readonly series: Series;
  /** Rows, 1 to 200. */
  readonly count: number;
  /** Slots between the end of the present candle and the end of the page: 0 for the newest rows, 1 for the newest closed ones. */
  readonly back: number;
  /** How old the newest row may be for those who come, ms. */
  readonly maxAgeMs: number;
  /** The last of them comes before this, epoch ms of the queue server. Undefined: unknown. */
  readonly untilMs?: number;
}

/** A sight that is so young is as good as one that is made now, ms: others ask early at the same moment. */
const NEW_MS = 250;

/**
 * The question as it is put to the cache at an instant (epoch ms), for nobody who waits. A sight that will be too old for the last who come
 * does not do now: it would be found, and be of use to nobody.
 */
export function queryOf(question: EarlyQuestion, nowMs: number): CandleQuery {
  const { series, count, back } = question;
  const { timeframe } = series;
  const maxAgeMs = ageTaken(question, nowMs);
  const beforeMs = back === 0 ? LATEST_MS : Math.max(0, timeframe.shift(nowMs, 1 - back));
  return {
    ...{ series, beforeMs, maxAgeMs, caller: 'preload' },
    count: Math.min(count, PAGE_ROWS),
    onlyIfCached: false,
  };
}

function ageTaken({ maxAgeMs, untilMs = 0 }: EarlyQuestion, nowMs: number): number {
  const leftMs = Math.max(0, untilMs - nowMs);
  return Math.min(maxAgeMs, Math.max(NEW_MS, maxAgeMs - leftMs));
}
