import type { Recording, RecordedMinute } from './recording';

/** The fold of a stretch of whole minutes. Prices count ticks, amounts 10^-8. */
export interface Stretch extends RecordedMinute {
  /** The last minute with a trade, counted from the epoch. */
  readonly lastMinute: number;
}

/**
 * One market's minutes from its listing to the end of days: its recorded weeks, repeated. Minutes are counted from the epoch;
 * those of the recorded weeks are themselves, all others are the same weekday and time of day of a recorded week.
 */
export class Tape {
  constructor(
    readonly recording: Recording,
    /** First minute in which the market can trade. */
    readonly listedMinute: number,
  ) {}

  /** The recorded minute that stands at this minute; undefined when nothing was traded or the market was not listed yet. */
  minuteAt(minute: number): RecordedMinute | undefined {
    return minute < this.listedMinute ? undefined : this.recording.at(this.positionOf(minute));
  }

  /** Where in the recording a minute lies. */
  positionOf(minute: number): number {
    const { firstMinute, length } = this.recording;
    return (((minute - firstMinute) % length) + length) % length;
  }

  /** The last traded minute before `minute`; undefined when there is none since the listing. */
  lastTradedBefore(minute: number): number | undefined {
    const last = minute - 1 - this.recording.minutesSinceTrade(this.positionOf(minute - 1));
    return last < this.listedMinute ? undefined : last;
  }

  /** Folds the whole minutes `[fromMinute, untilMinute)`; undefined when none of them is traded. Costs the same for an hour and a year. */
  fold(fromMinute: number, untilMinute: number): Stretch | undefined {
    const from = Math.max(fromMinute, this.listedMinute);
    const lastMinute = from < untilMinute ? this.lastTradedBefore(untilMinute) : undefined;
    if (lastMinute === undefined || lastMinute < from) return undefined;
    const first = this.firstTradedFrom(from, lastMinute);
    const last = this.minuteAt(lastMinute);
    if (first === undefined || last === undefined) return undefined;
    return {
      open: first.open,
      high: this.extreme(from, untilMinute, 'highest'),
      low: this.extreme(from, untilMinute, 'lowest'),
      close: last.close,
      volume: this.sumBefore(untilMinute, 'volumeBefore') - this.sumBefore(from, 'volumeBefore'),
      turnover:
        this.sumBefore(untilMinute, 'turnoverBefore') - this.sumBefore(from, 'turnoverBefore'),
      lastMinute,
    };
  }

  /** A walk, but a short one: the longest run without a trade in any recording is some hours. */
  private firstTradedFrom(from: number, last: number): RecordedMinute | undefined {
    for (let minute = from; minute <= last; minute += 1) {
      const found = this.minuteAt(minute);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private sumBefore(minute: number, sum: 'volumeBefore' | 'turnoverBefore'): bigint {
    const { firstMinute, length } = this.recording;
    const rounds = BigInt(Math.floor((minute - firstMinute) / length));
    return rounds * this.recording[sum](length) + this.recording[sum](this.positionOf(minute));
  }

  private extreme(from: number, until: number, pick: 'highest' | 'lowest'): number {
    const { length } = this.recording;
    const start = this.positionOf(from);
    const end = start + (until - from);
    if (until - from >= length) return this.recording[pick](0, length);
    if (end <= length) return this.recording[pick](start, end);
    const parts = [this.recording[pick](start, length), this.recording[pick](0, end - length)];
    return pick === 'highest' ? Math.max(...parts) : Math.min(...parts);
  }
}
