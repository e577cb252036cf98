import { type EncodedAnswer, PAGE_ROWS } from '@candlekeep/candle-cache';
import type { Count, Distribution, Metrics } from '@candlekeep/telemetry';

/** The tiers that answer, the nearest first. */
export const ANSWER_SOURCES = ['l0', 'l1', 'l2', 'fold', 'exchange'] as const;

export type AnswerSource = (typeof ANSWER_SOURCES)[number];

/** What is counted of an answer. */
export type CountedAnswer = Pick<EncodedAnswer, 'source' | 'ageMs' | 'staleMs'>;

/** Counts questions by how they were answered: integers in memory, since most answers take microseconds. */
export class AnswerTally {
  readonly bySource: Readonly<Record<AnswerSource, Count>>;
  readonly refusals: Count;
  /** Calls that callers would have made at the exchange, each for itself. */
  readonly spared: Count;
  private readonly stale: Count;
  private readonly ages: Readonly<Record<AnswerSource, Distribution>>;

  constructor(metrics: Metrics) {
    const ofEach = <T>(make: (source: AnswerSource) => T): Readonly<Record<AnswerSource, T>> => ({
      l0: make('l0'),
      l1: make('l1'),
      l2: make('l2'),
      fold: make('fold'),
      exchange: make('exchange'),
    });
    this.bySource = ofEach((source) => metrics.count('answers', { source }));
    this.ages = ofEach((source) => metrics.sizesOf('answerAge', { source }));
    this.refusals = metrics.count('refusedQuestions', {});
    this.spared = metrics.count('callsEachForItself', {});
    this.stale = metrics.count('staleAnswers', {});
  }

  /** One answered question. `candles`: so many were asked for; the exchange gives 200 a call. */
  answered({ source, ageMs, staleMs }: CountedAnswer, candles = 1): void {
    this.bySource[source].add();
    this.spared.add(candles <= PAGE_ROWS ? 1 : Math.ceil(candles / PAGE_ROWS));
    this.ages[source].observe(Math.max(0, ageMs) / 1_000);
    if (staleMs > 0) this.stale.add();
  }

  /** One question that was answered with an error. */
  refused(): void {
    this.refusals.add();
  }
}
