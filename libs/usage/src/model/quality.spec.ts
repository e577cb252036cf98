import { SeededRandom } from '../../../../test/support/seeded-random';
import { DAY_MS, HabitWorld, type WorldTerms } from '../../testing/habit-world';
import { PredictionScore } from '../../testing/prediction-score';
import type { Prediction } from './prediction';
import { UsageModel } from './usage-model';

const STEP_MS = 30_000;
const START_MS = Date.UTC(2026, 2, 2);
const DRIFT_DAY = 3;
const DAYS = [0, 1, 2, 3, 4, 5, 6, 7];
const KINDS = ['daily', 'hourly', 'office', 'paced', 'chain'];
const WHYS = ['habit', 'pace', 'sequence'];
const CHANGING = ['daily', 'hourly', 'office', 'chain'];

/** Predictions of at least 0.5 and of at least 0.8, judged by what came. */
interface Judged {
  readonly likely: PredictionScore;
  readonly sure: PredictionScore;
}

function play(seed: number, terms: WorldTerms): Judged {
  const model = new UsageModel();
  const likely = new PredictionScore(terms.startMs);
  const sure = new PredictionScore(terms.startMs);
  const say = (prediction: Prediction): void => {
    if (prediction.probability >= 0.5) likely.say(prediction);
    if (prediction.probability >= 0.8) sure.say(prediction);
  };
  let nowMs = terms.startMs;
  for (const note of new HabitWorld(new SeededRandom(seed), terms).run()) {
    for (; nowMs <= note.atMs; nowMs += STEP_MS) {
      model.heard(nowMs);
      model.predict({ fromMs: nowMs, untilMs: nowMs + STEP_MS }).forEach(say);
    }
    likely.came(note);
    sure.came(note);
    model.learn(note).forEach(say);
  }
  likely.close();
  sure.close();
  return { likely, sure };
}

function row(name: string, shareOf: (day: number) => number): string {
  const cells = DAYS.map((day) => (100 * shareOf(day)).toFixed(0).padStart(5));
  return `  ${name.padEnd(26)}${cells.join('')}\n`;
}

function table(seed: number, { likely, sure }: Judged): string {
  const bands = [5, 6, 7, 8, 9].map((band) => {
    const name = `band ${band}`;
    return `0.${band}x: ${(100 * likely.precision(name)).toFixed(0)} % of ${likely.counts(name).said}`;
  });
  return [
    `seed ${seed}, % by day (habits change on day ${DRIFT_DAY})\n`,
    row('precision from 0.8', (day) => sure.precision(`day ${day}`)),
    row('recall from 0.8', (day) => sure.recall(`day ${day}`)),
    row('recall from 0.5', (day) => likely.recall(`day ${day}`)),
    ...KINDS.map((kind) => row(`  ${kind}`, (day) => likely.recall(`${kind} day ${day}`))),
    ...CHANGING.map((kind) =>
      row(`  ${kind}, changed`, (day) => likely.recall(`new ${kind} day ${day}`)),
    ),
    `  right among those said with ${bands.join(', ')}\n`,
    ...WHYS.map((why) => `  ${why}, from 0.8: said ${of(sure, why)}\n`),
  ].join('');
}

function of(score: PredictionScore, why: string): string {
  const [promise, precision] = [score.promise(`why ${why}`), score.precision(`why ${why}`)];
  return `${(100 * promise).toFixed(1)} %, came ${(100 * precision).toFixed(1)} %`;
}

describe('the quality of predictions, callers with hidden habits and 20 % chance', () => {
  it.each([1, 2])(
    'is precise, foresees habits, and learns new ones in two days (seed %i)',
    (seed) => {
      const terms = { startMs: START_MS, days: DAYS.length, driftDay: DRIFT_DAY, noise: 0.2 };
      const judged = play(seed, terms);
      const { likely, sure } = judged;
      process.stdout.write(table(seed, judged));
      for (const day of DAYS.slice(2)) {
        expect(sure.precision(`day ${day}`)).toBeGreaterThan(day === DRIFT_DAY ? 0.85 : 0.9);
      }
      for (const day of [2, 5, 6, 7]) {
        expect(sure.recall(`day ${day}`)).toBeGreaterThan(0.85);
        expect(likely.recall(`day ${day}`)).toBeGreaterThan(0.9);
      }
      for (const why of WHYS) {
        const excess = sure.promise(`why ${why}`) - sure.precision(`why ${why}`);
        expect(Math.abs(excess)).toBeLessThan(0.05);
      }
      for (const kind of ['hourly', 'office', 'chain']) {
        expect(likely.recall(`new ${kind} day ${DRIFT_DAY + 2}`)).toBeGreaterThan(0.85);
      }
      expect(likely.recall(`new daily day ${DRIFT_DAY + 2}`)).toBeGreaterThan(0.5);
    },
  );

  it('does not expect office callers at weekends once it has seen two', () => {
    const startMs = START_MS;
    const terms = { startMs, days: 21, driftDay: 99, noise: 0.1, restsAtWeekends: true };
    const notes = new HabitWorld(new SeededRandom(9), terms)
      .run()
      .filter(({ caller }) => caller.startsWith('office'));
    const model = new UsageModel();
    const third = startMs + 19 * DAY_MS;
    notes.filter(({ atMs }) => atMs < third).forEach((note) => model.learn(note));
    model.heard(third);
    const said = (day: number): number => {
      const fromMs = third + day * DAY_MS;
      return model.predict({ fromMs, untilMs: fromMs + DAY_MS }).length;
    };
    expect([said(0), said(1)].map((count) => count < 20)).toEqual([true, true]);
    expect(said(2)).toBeGreaterThan(100);
  });
});
