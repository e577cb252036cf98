import { SETTLE_MS } from '@candlekeep/candle-cache';
import {
  Coverage,
  foldSourcesOf,
  type MarketCode,
  type Series,
  seriesName,
  type Timeframe,
  type TimeRange,
} from '@candlekeep/market';
import type { ReplayCall } from './paced-exchange';

/** A call in the lane `preload` that nobody has leant on so far. */
interface Claim {
  readonly call: ReplayCall;
  /** Closed slots that only this call has brought. */
  brought: Coverage;
}

/** What a caller's answer leans on. */
export interface LeantOn {
  readonly series: Series;
  readonly asOfMs: number;
  /** Of all rows of the answer, the oldest open to the newest close. */
  readonly range: TimeRange;
}

/**
 * Which calls made early were of use: some caller's answer leant on the sight (its as-of is the call's), or on closed slots which that call
 * alone had brought until then. Slots that a caller's own call shows again are no longer the early call's merit.
 */
export class CallClaims {
  /** Calls in the lane `preload`, all of them, and those of use. */
  made = 0;
  used = 0;
  private readonly known = new Map<string, Coverage>();
  /** Of use to nobody yet, by market. */
  private readonly open = new Map<MarketCode, Set<Claim>>();

  note(call: ReplayCall): void {
    const { series, lane } = call;
    const name = seriesName(series);
    const shown = Coverage.of([closedRange(call)]);
    const known = this.known.get(name) ?? Coverage.EMPTY;
    this.known.set(name, known.union(shown));
    const claims = this.open.get(series.market) ?? new Set();
    this.open.set(series.market, claims);
    if (lane === 'preload') {
      this.made += 1;
      claims.add({ call, brought: shown.subtract(known) });
      return;
    }
    for (const claim of claims) {
      if (seriesName(claim.call.series) === name) claim.brought = claim.brought.subtract(shown);
    }
  }

  /** A caller was answered. */
  lean({ series, asOfMs, range }: LeantOn): void {
    const claims = this.open.get(series.market);
    if (claims === undefined || claims.size === 0) return;
    const rungs = new Set<Timeframe>([series.timeframe, ...foldSourcesOf(series.timeframe)]);
    for (const claim of claims) {
      if (!rungs.has(claim.call.series.timeframe)) continue;
      const isSight = claim.call.toMs === undefined && claim.call.sentMs === asOfMs;
      if (!isSight && claim.brought.intersect(range).isEmpty) continue;
      this.used += 1;
      claims.delete(claim);
    }
  }

  get wasted(): number {
    return this.made - this.used;
  }
}

/** The closed slots of which a call showed every candle. */
function closedRange({ series, toMs, sentMs, oldestMs }: ReplayCall): TimeRange {
  const untilMs = series.timeframe.floor(Math.min(toMs ?? Infinity, sentMs - SETTLE_MS));
  return { fromMs: Math.min(oldestMs ?? untilMs, untilMs), untilMs };
}
