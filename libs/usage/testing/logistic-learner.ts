import type { Prediction } from '../src/model/prediction';
import { questionText } from '../src/usage-question';
import { DAY_MS } from './habit-world';

const HOUR_MS = 3_600_000;
const STEP = 0.05;
const PLACES = 24 + 7 + 6;

type Feature = readonly [place: number, value: number];

/** What the learner said of one occurrence, and what it said it from. */
export interface Guess {
  readonly probability: number;
  readonly features: readonly Feature[];
  readonly place: string;
  readonly hour: string;
}

/**
 * An online logistic regression to compare with: for the occurrences that the counting model names, over hour of day,
 * weekday, time since the question was last asked, and how often this occurrence came lately (newest 3, newest 8, this hour).
 */
export class LogisticLearner {
  private readonly weights = new Float64Array(PLACES);
  private readonly askedMs = new Map<string, number>();
  private readonly outcomes = new Map<string, readonly number[]>();

  guess(prediction: Prediction, everyMs: number): Guess {
    const text = questionText(prediction);
    const { fromMs } = prediction;
    const phase = Math.round((fromMs % everyMs) / Math.min(60_000, everyMs / 10));
    const hourOfDay = Math.floor(fromMs / HOUR_MS) % 24;
    const place = `${text} ${everyMs} ${phase}`;
    const hour = `${place} at ${hourOfDay}`;
    const sinceMs = fromMs - (this.askedMs.get(text) ?? fromMs - everyMs);
    const features: Feature[] = [
      [hourOfDay, 1],
      [24 + (Math.floor(fromMs / DAY_MS) % 7), 1],
      [31, 1],
      [32, this.rate(place, 3)],
      [33, this.rate(place, 8)],
      [34, this.rate(hour, 8)],
      [35, Math.min(3, Math.log1p(sinceMs / everyMs))],
      [36, Math.log(everyMs / 60_000) / 5],
    ];
    const sum = features.reduce((total, [at, value]) => total + (this.weights[at] ?? 0) * value, 0);
    return { probability: 1 / (1 + Math.exp(-sum)), features, place, hour };
  }

  learn({ probability, features, place, hour }: Guess, came: boolean): void {
    const outcome = came ? 1 : 0;
    for (const [at, value] of features) {
      this.weights[at] = (this.weights[at] ?? 0) + STEP * (outcome - probability) * value;
    }
    for (const key of [place, hour]) {
      this.outcomes.set(key, [...(this.outcomes.get(key) ?? []), outcome].slice(-8));
    }
  }

  asked(text: string, atMs: number): void {
    this.askedMs.set(text, atMs);
  }

  /** Share of the newest outcomes that came, -2..2; drawn towards 0.67 while there are few. */
  private rate(key: string, newest: number): number {
    const kept = (this.outcomes.get(key) ?? []).slice(-newest);
    const came = kept.reduce((sum, outcome) => sum + outcome, 0);
    return 4 * ((came + 1) / (kept.length + 1.5) - 0.5);
  }
}
