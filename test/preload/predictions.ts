import { LATEST_MS } from '@candlekeep/candle-cache';
import { seriesName } from '@candlekeep/market';
import type { HouseRecord } from './preload-house';
import type { Question } from './question';
import type { Answered, Predicted } from './replay-tally';

/** How good the early questions of a variant were. */
export interface PredictionFigures {
  readonly predictions: number;
  /** Share of the early questions whose series somebody then asked for before their answers were too old for him. */
  readonly precision: number;
  /** Of the questions that wait for the exchange without a preloader, the share that did not wait for it. */
  readonly recall: number;
}

export function predictionFigures(
  house: HouseRecord,
  none: readonly Answered[],
): PredictionFigures {
  const { predictions, answers } = house;
  const bySeries = new Map<string, Question[]>();
  for (const { question } of answers) {
    const name = seriesName(question.series);
    bySeries.set(name, [...(bySeries.get(name) ?? []), question]);
  }
  for (const own of bySeries.values()) own.sort((a, b) => a.atMs - b.atMs);
  const right = predictions.filter((one) =>
    isRight(one, bySeries.get(seriesName(one.series)) ?? []),
  );
  const waited = new Set(
    none.filter(({ tier }) => tier === 'exchange').map(({ question }) => question),
  );
  const spared = answers.filter(
    ({ question, tier }) => waited.has(question) && tier !== 'exchange' && tier !== 'none',
  );
  return {
    predictions: predictions.length,
    precision: predictions.length === 0 ? 1 : right.length / predictions.length,
    recall: waited.size === 0 ? 1 : spared.length / waited.size,
  };
}

/** Closed candles do not age, but are asked for within their own length or not for that reason. */
function isRight(
  { series, beforeMs, askedMs, asOfMs }: Predicted,
  questions: readonly Question[],
): boolean {
  const isClosedOnly = beforeMs < LATEST_MS;
  const { timeframe } = series;
  const keepsMs = isClosedOnly ? timeframe.closeOf(askedMs) - timeframe.floor(askedMs) : 0;
  const first = firstFrom(questions, askedMs);
  for (let index = first; index < questions.length; index += 1) {
    const question = questions[index];
    if (question === undefined) break;
    const goodUntilMs = (asOfMs ?? askedMs) + Math.max(keepsMs, question.maxAgeMs);
    if (question.atMs <= goodUntilMs) return true;
    if (question.atMs > askedMs + Math.max(keepsMs, LONGEST_AGE_MS)) break;
  }
  return false;
}

/** No caller takes older rows; ms. */
const LONGEST_AGE_MS = 300_000;

/** The index of the first question that was asked at the instant or later. */
function firstFrom(questions: readonly Question[], ms: number): number {
  let [low, high] = [0, questions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((questions[middle]?.atMs ?? Infinity) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
