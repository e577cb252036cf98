/*
 * A workload of hidden habits: what callers ask day by day, drawn from a seed. Nobody tunes to it: figures are taken over several seeds.
 *
 * Callers   30 over 40 markets without live feed: 8 daily, 8 hourly, 8 each quarter of an hour, 3 paced, 3 with sequences.
 * Daily     1 to 3 questions at one time of day each (any minute), off by as much as 0.1 to 3 s; 1d mostly, else 240m; every other caller on
 *           weekdays alone.
 * Hourly    1 to 3 questions 0 to 30 s after the hour, off by 100 to 400 ms; 60m mostly, else 240m or 30m. A third of the callers keep office
 *           hours (9:00 to 18:00 in Korea, Monday to Friday).
 * 15 min    the same after each quarter of an hour; 15m mostly, else 5m or 60m.
 * Paced     1 or 2 questions every 120 to 600 s, each pause off by up to 20 to 250 ms (a timer, or a pause after an answer), from any moment
 *           of the day on; 1m, 3m, 5m or 10m.
 * Sequences A -> B -> C, each 0.3 to 5 s after the last, off by 20 %; A comes 40 times a day at any moment (nobody can foresee it), or, for
 *           one of the three, 20 s after each hour.
 * Questions count 2 to 200; at most 1 s old (half of them), 5 s or 60 s (a quarter each); one habit in seven asks for closed candles alone.
 * Skipped   one in twenty.
 * Drift     from the fourth day on a third of the habits have another phase, market or timeframe, a third of these each.
 * Noise     a fifth of all questions: any caller, any market, any timeframe, any moment.
 */
import { LATEST_MS } from '@candlekeep/candle-cache';
import { parseMarketCode, type Series, Timeframe } from '@candlekeep/market';
import { HOUR_MS, MINUTE_MS, type Span } from '../economy/calculators';
import { SeededRandom } from '../support/seeded-random';
import { busyTape } from '../support/tape';
import { momentsOf, type Stretch, type When } from './habit-moments';
import type { Question } from './question';
import type { PreloadWork } from './replay';

export const DAY_MS = 24 * HOUR_MS;
/** A Monday. */
const FIRST_DAY_MS = Date.UTC(2025, 8, 1);
/** Days before some habits change. */
export const STEADY_DAYS = 3;
const LISTED_MS = Date.UTC(2021, 2, 5, 9);
export const SKIPPED = 0.05;
const NOISE = 0.2;
const CLOSED_ONLY = 1 / 7;
const MARKETS = Array.from({ length: 40 }, (_, index) => parseMarketCode(`KRW-H${index}`));
const NOISE_CODES = ['1m', '3m', '5m', '10m', '15m', '30m', '60m', '240m', '1d', '1w'];

interface Habit {
  readonly caller: string;
  readonly when: When;
  /** Asked one after the other; a single one for all but sequences. */
  readonly steps: readonly Step[];
}

interface Step {
  readonly series: Series;
  readonly count: number;
  readonly maxAgeMs: number;
  readonly isClosedOnly: boolean;
  /** After the step before; of the first one 0. */
  readonly delayMs: number;
}

/** A workload, and what somebody would expect of it who knows each habit, its spread and its gaps, but not how the dice fall. */
export interface HabitsWork extends PreloadWork {
  readonly expectations: readonly Expectation[];
}

/** One occurrence of a habit that is going to come, or is skipped. */
export interface Expectation extends Question, Stretch {}

/** Callers with hidden habits over so many days. */
export function habitsWork(days: number, seed: number): HabitsWork {
  const expectations: Expectation[] = [];
  const questions = habitQuestions(days, new SeededRandom(seed), expectations);
  const span = { fromMs: FIRST_DAY_MS, untilMs: FIRST_DAY_MS + days * DAY_MS };
  const tapes = new Map(MARKETS.map((market) => [market, busyTape(LISTED_MS)]));
  const name = `habits, ${days} days, seed ${seed}`;
  return { name, span, questions, tapes, strategies: [], timeframes: [], expectations };
}

/** What is asked on so many days. */
function habitQuestions(
  days: number,
  random: SeededRandom,
  expectations: Expectation[],
): Question[] {
  const habits = makeHabits(random);
  const changed = habits.map((habit) => (random.chance(1 / 3) ? drifted(habit, random) : habit));
  const kinds = habits.map((habit, index): Question['habit'] =>
    changed[index] === habit ? 'steady' : 'drifting',
  );
  const spanOf = (from: number, until: number): Span => ({
    fromMs: FIRST_DAY_MS + from * DAY_MS,
    untilMs: FIRST_DAY_MS + until * DAY_MS,
  });
  const steady = Math.min(days, STEADY_DAYS);
  const askedBy = (all: readonly Habit[], span: Span): Question[] =>
    all.flatMap((habit, index) => {
      const kind = kinds[index] ?? 'steady';
      const note = (one: Expectation): void => void expectations.push(one);
      return questionsOf(habit, { span, random, note }).map((one) => ({ ...one, habit: kind }));
    });
  const asked = [...askedBy(habits, spanOf(0, steady)), ...askedBy(changed, spanOf(steady, days))];
  const callers = [...new Set(habits.map(({ caller }) => caller))];
  const noises = Math.round((asked.length * NOISE) / (1 - NOISE));
  const noise = Array.from({ length: noises }, () => anyQuestion(callers, spanOf(0, days), random));
  return [...asked, ...noise].sort((a, b) => a.atMs - b.atMs);
}

function makeHabits(random: SeededRandom): Habit[] {
  const each = (count: number, make: (index: number) => Habit[]): Habit[] =>
    Array.from({ length: count }, (_, index) => make(index)).flat();
  return [
    ...each(8, (index) => {
      const jitterMs = random.between(100, 3_000);
      const hours = index % 2 === 0 ? 'weekdays' : 'all';
      const phase = (): number => random.between(0, 1_439) * MINUTE_MS;
      const when = (): When => ({
        kind: 'rhythm',
        everyMs: DAY_MS,
        phaseMs: phase(),
        jitterMs,
        hours,
      });
      return single(`daily-${index}`, { when, codes: ['1d', '1d', '240m'] }, random);
    }),
    ...each(8, (index) =>
      boundaryHabits(`hourly-${index}`, HOUR_MS, ['60m', '60m', '60m', '240m', '30m'], random),
    ),
    ...each(8, (index) =>
      boundaryHabits(
        `quarter-${index}`,
        15 * MINUTE_MS,
        ['15m', '15m', '15m', '5m', '60m'],
        random,
      ),
    ),
    ...each(3, (index) => {
      const everyMs = random.between(120, 600) * 1_000;
      const jitterMs = random.between(20, 250);
      const phase = (): number => random.between(0, everyMs);
      const when = (): When => ({
        kind: 'pace',
        everyMs,
        phaseMs: phase(),
        jitterMs,
        hours: 'all',
      });
      return single(`paced-${index}`, { when, codes: ['1m', '3m', '5m', '10m'] }, random);
    }),
    ...each(3, (index) => [sequence(`sequence-${index}`, index === 0, random)]),
  ];
}

function boundaryHabits(
  caller: string,
  everyMs: number,
  codes: readonly string[],
  random: SeededRandom,
): Habit[] {
  const jitterMs = random.between(100, 400);
  const phaseMs = random.between(0, 30_000);
  const hours = random.chance(1 / 3) ? 'office' : 'all';
  const when = (): When => ({ kind: 'rhythm', everyMs, phaseMs, jitterMs, hours });
  return single(caller, { when, codes }, random);
}

/** One to three habits of single questions. */
function single(
  caller: string,
  { when, codes }: { readonly when: () => When; readonly codes: readonly string[] },
  random: SeededRandom,
): Habit[] {
  return Array.from({ length: random.between(1, 3) }, () => ({
    ...{ caller, when: when(), steps: [anyStep(random.pick(codes), random)] },
  }));
}

function sequence(caller: string, isHourly: boolean, random: SeededRandom): Habit {
  const codes = ['1m', '5m', '15m', '60m', '1d'];
  const delays = [0, random.between(300, 5_000), random.between(300, 5_000)];
  const steps = delays.map((delayMs) => ({ ...anyStep(random.pick(codes), random), delayMs }));
  const rhythm: When = {
    kind: 'rhythm',
    everyMs: HOUR_MS,
    phaseMs: 20_000,
    jitterMs: 400,
    hours: 'all',
  };
  const chance: When = {
    kind: 'random',
    everyMs: DAY_MS / 40,
    phaseMs: 0,
    jitterMs: 0,
    hours: 'all',
  };
  return { caller, when: isHourly ? rhythm : chance, steps };
}

function anyStep(code: string, random: SeededRandom): Step {
  return {
    series: { market: random.pick(MARKETS), timeframe: Timeframe.parse(code) },
    count: random.between(2, 200),
    maxAgeMs: anyMaxAge(random),
    isClosedOnly: random.chance(CLOSED_ONLY),
    delayMs: 0,
  };
}

function anyMaxAge(random: SeededRandom): number {
  return random.pick([1_000, 1_000, 5_000, 60_000]);
}

/** The habit with another phase, market or timeframe. */
function drifted(habit: Habit, random: SeededRandom): Habit {
  const change = random.pick(['phase', 'market', 'timeframe']);
  if (change === 'phase') {
    const { when } = habit;
    const most = when.everyMs === DAY_MS ? 1_439 : 30;
    const unitMs = when.everyMs === DAY_MS ? MINUTE_MS : 1_000;
    return { ...habit, when: { ...when, phaseMs: random.between(0, most) * unitMs } };
  }
  const steps = habit.steps.map((step) => {
    const { market, timeframe } = anyStep(random.pick(['5m', '15m', '60m', '1d']), random).series;
    const series = change === 'market' ? { ...step.series, market } : { ...step.series, timeframe };
    return { ...step, series };
  });
  return { ...habit, steps };
}

interface Drawing {
  readonly span: Span;
  readonly random: SeededRandom;
  /** Told of each occurrence, whether or not it is skipped. */
  readonly note: (expectation: Expectation) => void;
}

function questionsOf({ caller, when, steps }: Habit, { span, random, note }: Drawing): Question[] {
  return momentsOf(when, span, random).flatMap((moment) => {
    let { atMs } = moment;
    return steps.flatMap((step) => {
      const lastMs = atMs;
      atMs += Math.round(step.delayMs * (0.8 + random.next() * 0.4));
      const question = asked(caller, step, atMs);
      if (step.delayMs > 0) {
        const [fromMs, untilMs] = [lastMs + step.delayMs * 0.8, lastMs + step.delayMs * 1.2];
        note({ ...question, fromMs, untilMs, knownMs: lastMs });
      } else if (moment.expected !== undefined) {
        note({ ...question, ...moment.expected });
      }
      return random.chance(SKIPPED) || atMs >= span.untilMs ? [] : [question];
    });
  });
}

function asked(caller: string, step: Step, atMs: number): Question {
  const { series, count, maxAgeMs, isClosedOnly } = step;
  const beforeMs = isClosedOnly ? series.timeframe.floor(atMs) : LATEST_MS;
  return { caller, lane: 'bot', atMs, series, beforeMs, count, maxAgeMs };
}

function anyQuestion(callers: readonly string[], span: Span, random: SeededRandom): Question {
  const step = anyStep(random.pick(NOISE_CODES), random);
  const atMs = random.between(span.fromMs, span.untilMs - 1);
  return { ...asked(random.pick(callers), step, atMs), habit: 'noise' };
}
