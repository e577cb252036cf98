import type { AnswerSource, CandleAnswer } from '@candlekeep/candle-cache';
import type { CallerClass } from '@candlekeep/market';
import type { Verdict } from './answer-judge';
import type { DayRequest } from './day-work';

/** What became of a day's questions. */
export class DayTally {
  readonly verdicts = new Map<Verdict, number>();
  readonly sources = new Map<AnswerSource, number>();
  readonly refusals = new Map<string, number>();
  /** Of bots' answers that were not labelled stale, ms. */
  readonly ages: number[] = [];
  readonly answers = new Map<CallerClass, number>();
  /** Labelled answers instead of errors. */
  labelled = 0;

  answered({ caller }: DayRequest, answer: CandleAnswer, verdict: Verdict): void {
    count(this.verdicts, verdict);
    count(this.answers, caller);
    if (caller !== 'bot') return;
    count(this.sources, answer.source);
    if (answer.insteadOfError) this.labelled += 1;
    else this.ages.push(answer.ageMs);
  }

  refused({ caller, series }: DayRequest, code: string): void {
    count(this.refusals, `${caller} ${series.timeframe.code} ${code}`);
  }

  /** Age of a bot's answer below which a share of them is, ms. */
  age(share: number): number {
    const sorted = this.ages.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  }
}

/** Counts one more. */
export function count<Key>(counts: Map<Key, number>, key: Key, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
