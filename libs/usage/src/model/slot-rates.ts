import { vitalityAfter } from './vitality';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The epoch was a Thursday. */
const EPOCH_WEEKDAY = 4;
/** An hour's memory fades by half in three days on which the habit had a chance in it. */
const HALF_LIFE_DAYS = 3;
/** A weekday's fades by half in two weeks. */
const HALF_LIFE_WEEKS = 2;
/** One hour of one day weighs four chances at most, one day eight, so that frequent habits do not remember longer. */
const MOST_AN_HOUR = 4;
const MOST_A_DAY = 8;
/** Chances' worth of belief in the recent rate, and in a weekday being as any other. */
const RECENT_WEIGHT = 0.5;
const WEEKDAY_WEIGHT = 1;

/** Decayed sums of one habit: by hour of day (24) and by weekday (7, from Sunday), all UTC. */
export interface SlotSums {
  readonly hits: number[];
  readonly misses: number[];
  readonly dayHits: number[];
  readonly dayExpected: number[];
}

export function noSums(): SlotSums {
  const zeros = (length: number): number[] => Array.from({ length }, () => 0);
  return { hits: zeros(24), misses: zeros(24), dayHits: zeros(7), dayExpected: zeros(7) };
}

/** How alive a habit is, was when the day began, and how likely something comes although it is over. */
export interface AbsentHabit {
  readonly vitality: number;
  readonly dayVitality: number;
  readonly byChance: number;
}

/** In how many of its chances a habit came, by the hour of day and the weekday of the chance. */
export class SlotRates {
  private readonly chance: number;
  private readonly kept: number;
  private readonly dayChance: number;
  private readonly dayKept: number;

  constructor(
    everyMs: number,
    readonly sums: SlotSums,
  ) {
    const anHour = Math.max(1, HOUR_MS / everyMs);
    this.chance = Math.min(1, MOST_AN_HOUR / anHour);
    this.kept = 2 ** (-1 / (HALF_LIFE_DAYS * anHour));
    const aDay = Math.max(1, DAY_MS / everyMs);
    this.dayChance = Math.min(1, MOST_A_DAY / aDay);
    this.dayKept = 2 ** (-1 / (HALF_LIFE_WEEKS * aDay));
  }

  /** The rate of the hour in which it comes most surely. */
  get best(): number {
    const { hits, misses } = this.sums;
    let best = 0;
    hits.forEach((came, hour) => {
      best = Math.max(best, came / (came + (misses[hour] ?? 0) + RECENT_WEIGHT));
    });
    return best;
  }

  /** That a living habit comes at this instant; an hour of which nothing is known is as the newest chances were. */
  probability(atMs: number, recent: number): number {
    const { hits, chances } = this.hour(atMs);
    const rate = (hits + RECENT_WEIGHT * recent) / (chances + RECENT_WEIGHT);
    return rate * this.weekday(atMs);
  }

  /** The same from what was seen in this hour alone: 0 for an hour of which nothing is known. */
  proven(atMs: number): number {
    const { hits, chances } = this.hour(atMs);
    return (hits / (chances + RECENT_WEIGHT)) * this.weekday(atMs);
  }

  recordArrival(atMs: number): void {
    const { sums } = this;
    const hour = hourOf(atMs);
    fade(sums.hits, hour, this.kept, this.chance);
    fade(sums.misses, hour, this.kept, 0);
    const day = weekdayOf(atMs);
    fade(sums.dayExpected, day, this.dayKept, this.dayChance);
    fade(sums.dayHits, day, this.dayKept, this.dayChance);
  }

  /**
   * Records `count` absences in a row, all in the hour of `atMs`, and returns how alive the habit is after them. Each counts for the
   * hour as far as the habit is alive after it, and for the weekday as far as `dayVitality` says. A silence of days is
   * millions of absences, so the sums are at hand as plain numbers for as long as the hour is the same.
   */
  recordAbsences(
    atMs: number,
    count: number,
    { vitality, dayVitality, byChance }: AbsentHabit,
  ): number {
    const { sums, kept, chance, dayKept } = this;
    const [hour, day] = [hourOf(atMs), weekdayOf(atMs)];
    const looked = this.dayChance * dayVitality;
    let hits = sums.hits[hour] ?? 0;
    let misses = sums.misses[hour] ?? 0;
    let dayHits = sums.dayHits[day] ?? 0;
    let dayExpected = sums.dayExpected[day] ?? 0;
    let alive = vitality;
    for (let left = count; left > 0; left -= 1) {
      const rate = hits / (hits + misses + RECENT_WEIGHT);
      alive = vitalityAfter(alive, rate * weekdayRate(dayHits, dayExpected), byChance, false);
      hits *= kept;
      misses = misses * kept + chance * alive;
      dayHits *= dayKept;
      dayExpected = dayExpected * dayKept + looked * rate;
    }
    sums.hits[hour] = hits;
    sums.misses[hour] = misses;
    sums.dayHits[day] = dayHits;
    sums.dayExpected[day] = dayExpected;
    return alive;
  }

  private weekday(atMs: number): number {
    const day = weekdayOf(atMs);
    const { dayHits, dayExpected } = this.sums;
    return weekdayRate(dayHits[day] ?? 0, dayExpected[day] ?? 0);
  }

  private hour(atMs: number): { hits: number; chances: number } {
    const hour = hourOf(atMs);
    const hits = this.sums.hits[hour] ?? 0;
    return { hits, chances: hits + (this.sums.misses[hour] ?? 0) };
  }
}

function weekdayRate(hits: number, expected: number): number {
  return Math.min(1, (hits + WEEKDAY_WEIGHT) / (expected + WEEKDAY_WEIGHT));
}

function fade(sums: number[], place: number, kept: number, more: number): void {
  sums[place] = (sums[place] ?? 0) * kept + more;
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) % 24;
}

function weekdayOf(atMs: number): number {
  return (Math.floor(atMs / DAY_MS) + EPOCH_WEEKDAY) % 7;
}
