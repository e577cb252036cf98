import { SeededRandom } from '../../../../test/support/seeded-random';
import { Habit } from './habit';
import { Pace } from './pace';
import { PERIODS_MS } from './periods';
import type { Rhythm } from './rhythm';
import type { SlotSums } from './slot-rates';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 2, 4, 11, 17);

function sums(random: SeededRandom): SlotSums {
  const some = (length: number, most: number): number[] =>
    Array.from({ length }, () => (random.chance(0.3) ? 0 : random.next() * most));
  return { hits: some(24, 15), misses: some(24, 5), dayHits: some(7, 8), dayExpected: some(7, 10) };
}

/** Any habit, some of them unsure, over, or of few hours. */
function habit(random: SeededRandom): Habit {
  const vitality = random.pick([0.03, 0.2, 0.7, 0.99]);
  const anchorMs = NOW_MS - random.between(0, HOUR_MS);
  return new Habit({
    everyMs: random.pick(PERIODS_MS),
    anchorMs,
    slot: 0,
    lastMs: anchorMs,
    vitality,
    recentHits: random.next() * 4,
    recentChances: 4.5,
    day: random.between(20_510, 20_516),
    dayVitality: random.next(),
    distances: Array.from({ length: random.between(1, 16) }, () => random.between(-900, 900)),
    sums: sums(random),
  });
}

function pace(random: SeededRandom): Pace {
  const place = { everyMs: random.between(5_000, HOUR_MS), lastMs: NOW_MS, seenMs: NOW_MS };
  const counts = { vitality: 0.9, recentHits: 4, recentChances: 4.2, distances: [20, -30, 10] };
  const misses = random.chance(0.3) ? undefined : random.between(0, 1);
  return new Pace({ ...place, ...counts, misses });
}

/** The same rhythm twice: one is told of each absence by itself, the other of all at once. */
function silence<Kind extends Rhythm>(make: (random: SeededRandom) => Kind, seed: number): Kind[] {
  const untilMs = NOW_MS + new SeededRandom(seed + 1_000).between(0, 72) * HOUR_MS;
  const oneByOne = make(new SeededRandom(seed));
  while (oneByOne.overdueMs <= untilMs) oneByOne.missedUntil(oneByOne.overdueMs);
  const atOnce = make(new SeededRandom(seed));
  atOnce.missedUntil(untilMs);
  return [oneByOne, atOnce];
}

/** Every number of a state, in order. */
function numbers(state: unknown): number[] {
  if (typeof state === 'number') return [state];
  if (typeof state !== 'object' || state === null) return [];
  return Object.values(state).flatMap(numbers);
}

function farthest(one: readonly number[], other: readonly number[]): number {
  expect(other).toHaveLength(one.length);
  return Math.max(...one.map((value, place) => Math.abs(value - (other[place] ?? Infinity))));
}

describe('a rhythm after a silence', () => {
  it('of habits believes the same as if each absence had been judged by itself', () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const [one, other] = silence(habit, seed).map(({ state }) => numbers(state));
      expect(farthest(one ?? [], other ?? [])).toBeLessThan(1e-9);
    }
  });

  it('of paces believes the same as if each absence had been judged by itself', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const [one, other] = silence(pace, seed).map(({ state }) => numbers(state));
      expect(farthest(one ?? [], other ?? [])).toBeLessThan(1e-9);
    }
  });
});
