import { LATEST_MS } from '@candlekeep/candle-cache';
import type { CallerClass } from '@candlekeep/market';
import type { UsageNote } from '@candlekeep/usage';
import type { TimedRequest } from '../economy/timed-request';

/** A caller's question at an instant. */
export interface Question extends TimedRequest {
  /** Who asks, as usage is learned by. */
  readonly caller: string;
  readonly lane: CallerClass;
  /** Of a habit that stays, of one that changes some day, or of none, so that nobody could have known. */
  readonly habit?: 'steady' | 'drifting' | 'noise';
  readonly staleIfErrorMs?: number;
}

/** The question as a gateway notes it. */
export function noteOf({ caller, series, count, beforeMs, maxAgeMs, atMs }: Question): UsageNote {
  const { timeframe } = series;
  const present = timeframe.slotOf(atMs);
  const back = beforeMs >= LATEST_MS ? 0 : present + 1 - timeframe.slotOf(timeframe.ceil(beforeMs));
  return { caller, series, count, back: Math.max(0, back), maxAgeMs, atMs, times: 1 };
}
