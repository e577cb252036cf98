import type { Timeframe } from '@candlekeep/market';
import { sharedPart } from './nesting';
import { rowsShown, type Tape } from '../support/tape';

/** A sight of the present, taken within a span, both ends included. */
export interface SightNeed {
  readonly kind: 'sight';
  readonly timeframe: Timeframe;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The last traded minute of a closed candle, shown by some page between the minute's close and the first request for the candle. */
export interface CandleNeed {
  readonly kind: 'candle';
  readonly timeframe: Timeframe;
  /** The minute's open. */
  readonly minuteMs: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

export type Need = SightNeed | CandleNeed;

/** Needs of one market of which no call can serve two. */
export class Witnesses {
  /** Apart from each other, the earliest first. */
  private readonly sights: SightNeed[] = [];
  private readonly candles: CandleNeed[] = [];
  /** Neighbours mostly fail for the same witness: it is held against them first. */
  private lastRival = 0;

  constructor(
    private readonly tape: Tape,
    private readonly pageRows: number,
  ) {}

  get size(): number {
    return this.sights.length + this.candles.length;
  }

  /** Takes a need, unless some call may serve it together with one that was taken. Sights must come by the ends of their spans. */
  add(need: Need): void {
    if (need.kind === 'sight') this.addSight(need);
    else this.addCandle(need);
  }

  private addSight(need: SightNeed): void {
    const last = this.sights.at(-1);
    if (last !== undefined && last.untilMs >= need.fromMs) return;
    if (!this.candles.some((candle) => this.canSeeWith(need, candle))) this.sights.push(need);
  }

  private addCandle(need: CandleNeed): void {
    const isRival = (candle: CandleNeed | undefined): boolean =>
      candle !== undefined && this.canShowBoth(need, candle);
    if (isRival(this.candles[this.lastRival])) return;
    if (this.sightsNear(need).some((sight) => this.canSeeWith(sight, need))) return;
    const rival = this.candles.findLastIndex(isRival);
    this.lastRival = rival >= 0 ? rival : this.candles.push(need) - 1;
  }

  /** Sights that may reach back to a candle, if they are of its own timeframe; no shorter one reaches back further. */
  private sightsNear({ timeframe, minuteMs, fromMs, untilMs }: CandleNeed): SightNeed[] {
    const { sights, tape, pageRows } = this;
    const row = tape.rowsBefore(timeframe, minuteMs + 1) - 1;
    const endMs = Math.min(untilMs, tape.openOf(timeframe, row + pageRows));
    let [low, high] = [0, sights.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sights[middle]?.untilMs ?? Infinity) < fromMs) low = middle + 1;
      else high = middle;
    }
    let end = low;
    while ((sights[end]?.fromMs ?? Infinity) <= endMs) end += 1;
    return sights.slice(low, end);
  }

  /**
   * Whether a page holds rows with either minute, at a time when both have closed and neither has been asked for. Of the
   * timeframes that fit into both candles, the longest shows the most with one page.
   */
  private canShowBoth(a: CandleNeed, b: CandleNeed): boolean {
    if (Math.max(a.fromMs, b.fromMs) > Math.min(a.untilMs, b.untilMs)) return false;
    const part = sharedPart(a.timeframe, b.timeframe);
    const apart =
      this.tape.rowsBefore(part, a.minuteMs + 1) - this.tape.rowsBefore(part, b.minuteMs + 1);
    return Math.abs(apart) < this.pageRows;
  }

  /** Whether a page with the newest row, read in the span, also holds a row with the minute. The earliest instant is the best. */
  private canSeeWith(sight: SightNeed, candle: CandleNeed): boolean {
    const atMs = Math.max(sight.fromMs, candle.fromMs);
    if (atMs > Math.min(sight.untilMs, candle.untilMs)) return false;
    const part = sharedPart(sight.timeframe, candle.timeframe);
    const shown = rowsShown(this.tape, part, { beforeMs: Infinity, nowMs: atMs });
    return shown - this.tape.rowsBefore(part, candle.minuteMs + 1) < this.pageRows;
  }
}
