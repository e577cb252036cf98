import { SeededRandom } from '../../../../test/support/seeded-random';
import { HabitWorld } from '../../testing/habit-world';
import { type Guess, LogisticLearner } from '../../testing/logistic-learner';
import { questionText } from '../usage-question';
import type { Prediction } from './prediction';
import { UsageModel } from './usage-model';

const STEP_MS = 30_000;
const START_MS = Date.UTC(2026, 2, 2);
const JUDGED_FROM_MS = START_MS + 2 * 86_400_000;

interface Named {
  readonly prediction: Prediction;
  readonly guess: Guess;
  came: boolean;
}

/** Every occurrence of a habit that counting names, however unlikely, with what both say of it and whether it came. */
function occurrences(seed: number): readonly Named[] {
  const model = new UsageModel();
  const learner = new LogisticLearner();
  const all: Named[] = [];
  let open: Named[] = [];
  let nowMs = START_MS;
  const judge = (): void => {
    const ended = open.filter(({ prediction, came }) => came || prediction.untilMs < nowMs);
    ended.forEach(({ guess, came }) => {
      learner.learn(guess, came);
    });
    open = open.filter((one) => !ended.includes(one));
  };
  const terms = { startMs: START_MS, days: 8, driftDay: 3, noise: 0.2 };
  const notes = new HabitWorld(new SeededRandom(seed), terms)
    .run()
    .filter(({ caller }) => !caller.startsWith('paced'));
  for (const note of notes) {
    for (; nowMs <= note.atMs; nowMs += STEP_MS) {
      model.heard(nowMs);
      judge();
      for (const prediction of model.predict({
        fromMs: nowMs,
        untilMs: nowMs + STEP_MS,
        atLeast: 0.02,
      })) {
        if (prediction.reason.kind !== 'habit') continue;
        const guess = learner.guess(prediction, prediction.reason.everyMs);
        const named = { prediction, guess, came: false };
        open.push(named);
        all.push(named);
      }
    }
    const text = questionText(note);
    for (const named of open) {
      const { fromMs, untilMs } = named.prediction;
      const isMine = questionText(named.prediction) === text;
      if (isMine && fromMs <= note.atMs && note.atMs <= untilMs) named.came = true;
    }
    learner.asked(text, note.atMs);
    model.learn(note);
  }
  return all.filter(({ prediction }) => prediction.fromMs >= JUDGED_FROM_MS);
}

interface Quality {
  readonly brier: number;
  /** Recall where the surest that were said are right so often. */
  readonly recallAt95: number;
  readonly recallAt90: number;
}

function quality(all: readonly Named[], say: (named: Named) => number): Quality {
  const errors = all.map((named) => (say(named) - (named.came ? 1 : 0)) ** 2);
  const brier = errors.reduce((sum, error) => sum + error, 0) / all.length;
  const sorted = [...all].sort((a, b) => say(b) - say(a)).map(({ came }) => came);
  return { brier, recallAt95: recallAt(sorted, 0.95), recallAt90: recallAt(sorted, 0.9) };
}

/** The greatest share of all arrivals that is foreseen while at least `precision` of what is said comes. */
function recallAt(surestFirst: readonly boolean[], precision: number): number {
  let right = 0;
  let best = 0;
  surestFirst.forEach((came, index) => {
    if (came) right += 1;
    if (right >= precision * (index + 1)) best = right;
  });
  return best / surestFirst.filter((came) => came).length;
}

describe('counting beside an online logistic regression', () => {
  it.each([1, 2])('foresees about as much at the precision that is wanted (seed %i)', (seed) => {
    const all = occurrences(seed);
    const counting = quality(all, ({ prediction }) => prediction.probability);
    const logistic = quality(all, ({ guess }) => guess.probability);
    process.stdout.write(
      `seed ${seed}, ${all.length} occurrences of habits from day 2 on\n` +
        `  counting ${JSON.stringify(counting)}\n  logistic ${JSON.stringify(logistic)}\n`,
    );
    expect(counting.recallAt90).toBeGreaterThan(logistic.recallAt90 - 0.03);
    expect(counting.recallAt95).toBeGreaterThan(logistic.recallAt95 - 0.05);
  });
});
