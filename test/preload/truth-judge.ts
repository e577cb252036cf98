import { isDeepStrictEqual } from 'node:util';
import type { CandleAnswer } from '@candlekeep/candle-cache';
import { type Candle, isoSeconds, seriesName } from '@candlekeep/market';
import { MINUTE } from '../support/tape';
import type { Shown } from './paced-exchange';
import type { Question } from './question';

/** From the sending of a call to its answer, ms. */
const LONGEST_CALL_MS = 5_000;

/** Holds each answer against what the exchange showed at the stated instant, or, since a call takes time, at a later one before the answer. */
export class TruthJudge {
  constructor(
    private readonly shown: Shown,
    private readonly aheadMs: number,
  ) {}

  /** Throws for an answer that is older than accepted and not labelled so, or not the exchange's own. */
  judge(
    question: Question,
    answer: CandleAnswer,
    { askedMs, answeredMs }: { readonly askedMs: number; readonly answeredMs: number },
  ): void {
    const { series, maxAgeMs, staleIfErrorMs = 0 } = question;
    const { asOfMs, insteadOfError, staleMs } = answer;
    const isLabelled = insteadOfError && staleMs > 0 && staleMs <= staleIfErrorMs;
    const isFresh = asOfMs >= askedMs - maxAgeMs && asOfMs <= answeredMs;
    if ((isFresh || isLabelled) && this.isTrue(question, answer, answeredMs)) return;
    const said = JSON.stringify({ asOfMs, askedMs, answeredMs, maxAgeMs, staleMs });
    throw new Error(
      `${seriesName(series)} × ${question.count} at ${isoSeconds(askedMs)} was answered wrongly: ${said}`,
    );
  }

  private isTrue(
    { series, beforeMs, count }: Question,
    { rows, asOfMs }: CandleAnswer,
    answeredMs: number,
  ): boolean {
    const asked = { beforeMs, count };
    const untilMs = Math.min(answeredMs, asOfMs + LONGEST_CALL_MS) + this.aheadMs;
    // Rows change at the open of a minute only.
    for (let atMs = asOfMs + this.aheadMs; atMs <= untilMs; atMs = MINUTE.closeOf(atMs)) {
      if (areEqual(rows, this.shown.show(series, asked, atMs))) return true;
    }
    return false;
  }
}

function areEqual(rows: readonly Candle[], truth: readonly Candle[]): boolean {
  if (rows.length !== truth.length) return false;
  return rows.every((row, index) => row === truth[index] || isDeepStrictEqual(row, truth[index]));
}
