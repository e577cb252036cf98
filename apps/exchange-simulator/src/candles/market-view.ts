import { lastStoredMs, tradesOf, type Trade } from '../tape/minute-path';
import type { Tape } from '../tape/tape';
import { TapeMemory } from '../tape/tape-memory';
import { barOfTrades, joinBars, type Bar } from './bar';

const MINUTE_MS = 60_000;
/** A ticker looks at each day of some weeks. */
const BARS_KEPT = 4_096;
const settledBars = new TapeMemory<string, Bar | undefined>(BARS_KEPT);

/**
 * One market as it can be seen at one instant: only ticks that are stored by then. The forming minute grows trade by trade, and
 * the minute before it may still lack its last tick; all older minutes are settled.
 */
export class MarketView {
  private readonly formingMinute: number;

  constructor(
    readonly tape: Tape,
    readonly nowMs: number,
  ) {
    this.formingMinute = Math.floor(nowMs / MINUTE_MS);
  }

  /** The fold of the minutes `[fromMinute, untilMinute)` as far as it can be seen; undefined when nothing can. */
  bar(fromMinute: number, untilMinute: number): Bar | undefined {
    const settledUntil = Math.min(untilMinute, this.formingMinute - 1);
    const young = [this.formingMinute - 1, this.formingMinute].filter(
      (minute) => minute >= fromMinute && minute < untilMinute,
    );
    const bars = [
      this.settledBar(fromMinute, settledUntil),
      ...young.map((minute) => barOfTrades(this.storedTrades(minute))),
    ];
    return joinBars(bars.filter((bar) => bar !== undefined));
  }

  /** The trades of a minute that are stored by now, oldest first. */
  storedTrades(minute: number): Trade[] {
    return tradesOf(this.tape, minute).filter(({ storedMs }) => storedMs <= this.nowMs);
  }

  /** The last minute before `untilMinute`, and not in the future, of which a trade can be seen. */
  lastSeenBefore(untilMinute: number): number | undefined {
    let minute = this.tape.lastTradedBefore(Math.min(untilMinute, this.formingMinute + 1));
    while (minute !== undefined && this.isUnseen(minute)) {
      minute = this.tape.lastTradedBefore(minute);
    }
    return minute;
  }

  /** The last trade before `untilMs` (by the moment at which it happened) that can be seen; undefined when there is none. */
  lastTradeBefore(untilMs: number): Trade | undefined {
    let minute = this.lastSeenBefore(Math.ceil(Math.min(untilMs, this.nowMs + 1) / MINUTE_MS));
    while (minute !== undefined) {
      const last = this.storedTrades(minute).findLast(({ atMs }) => atMs < untilMs);
      if (last !== undefined) return last;
      minute = this.lastSeenBefore(minute);
    }
    return undefined;
  }

  private isUnseen(minute: number): boolean {
    return minute >= this.formingMinute - 1 && this.storedTrades(minute).length === 0;
  }

  private settledBar(fromMinute: number, untilMinute: number): Bar | undefined {
    const key = `${fromMinute} ${untilMinute}`;
    return settledBars.recall(this.tape, key, () => this.foldBar(fromMinute, untilMinute));
  }

  private foldBar(fromMinute: number, untilMinute: number): Bar | undefined {
    const stretch = this.tape.fold(fromMinute, untilMinute);
    if (stretch === undefined) return undefined;
    const { lastMinute, ...prices } = stretch;
    return { ...prices, timestampMs: lastStoredMs(this.tape, lastMinute) };
  }
}
