import type { PredictionReason } from './prediction';
import { RecentRate } from './recent-rate';
import { type Expected, LATE_MS, type Rhythm } from './rhythm';
import { Spread } from './spread';
import { vitalityAfter } from './vitality';

const DAY_MS = 86_400_000;
/** Intervals that must be alike before a pace is believed. */
const INTERVALS = 5;
/** How far an interval may be from the median, of the median. */
const ALIKE = 0.1;
const SHORTEST_MS = 2_000;
const LONGEST_MS = DAY_MS / 2;
/** How far an arrival may be from where it is expected, of the interval. */
const TOLERANCE = 0.2;
/** Absences in a row after which the place in the rhythm is lost. */
const MOST_MISSES = 2;
/** That something comes in time after the pace is over. */
const BY_CHANCE = 0.05;
/** Belief in a pace that was found, and in one that was found again. */
const NEW_VITALITY = 0.95;
const RESUMED_VITALITY = 0.75;

/** Everything that a pace remembers. */
export interface PaceState {
  readonly everyMs: number;
  /** The arrival from which the next is counted, or where it should have been. */
  readonly lastMs: number;
  /** Undefined: no place in the rhythm is known, the next arrival gives it. */
  readonly misses: number | undefined;
  readonly seenMs: number;
  readonly vitality: number;
  readonly recentHits: number;
  readonly recentChances: number;
  readonly distances: readonly number[];
}

/** A question that comes so many ms after it came before, wherever that is in the hour. */
export class Pace implements Rhythm {
  readonly gridMs = undefined;
  readonly reason: PredictionReason;
  /** The interval at which it was found, ms. */
  readonly everyMs: number;
  private readonly spread: Spread;
  private readonly recent: RecentRate;
  private lastMs: number;
  private seenMs: number;
  private misses: number | undefined;
  private vitality: number;

  constructor(state: PaceState) {
    this.everyMs = state.everyMs;
    this.reason = { kind: 'pace', everyMs: state.everyMs };
    this.lastMs = state.lastMs;
    this.seenMs = state.seenMs;
    this.misses = state.misses;
    this.vitality = state.vitality;
    this.recent = new RecentRate(state.recentHits, state.recentChances);
    this.spread = new Spread(state.distances, state.everyMs * TOLERANCE);
  }

  /** The pace of the newest of `arrivals` (epoch ms, in order), where their intervals are alike. */
  static find(arrivals: readonly number[]): Pace | undefined {
    const newest = arrivals.slice(-INTERVALS - 1);
    if (newest.length <= INTERVALS) return undefined;
    const intervals = newest.slice(1).map((atMs, index) => atMs - (newest[index] ?? atMs));
    const everyMs = [...intervals].sort((a, b) => a - b)[INTERVALS >> 1] ?? 0;
    if (everyMs < SHORTEST_MS || everyMs > LONGEST_MS) return undefined;
    const distances = intervals.map((interval) => interval - everyMs);
    if (distances.some((distance) => Math.abs(distance) > everyMs * ALIKE)) return undefined;
    const lastMs = newest[INTERVALS] ?? 0;
    const place = { everyMs, lastMs, seenMs: lastMs, misses: 0, distances };
    const counts = { recentHits: INTERVALS - 1, recentChances: INTERVALS - 1 };
    return new Pace({ ...place, ...counts, vitality: NEW_VITALITY });
  }

  get state(): PaceState {
    const { everyMs, lastMs, seenMs, misses, vitality, recent, spread } = this;
    const { hits: recentHits, chances: recentChances } = recent;
    const known = { everyMs, lastMs, seenMs, misses, vitality, recentHits, recentChances };
    return { ...known, distances: spread.kept };
  }

  /** That the next comes; of a pace whose place is lost, that it would. */
  get probability(): number {
    return this.vitality * this.recent.rate;
  }

  get startMs(): number | undefined {
    return this.misses === undefined ? undefined : this.nextMs + this.spread.lowMs;
  }

  get overdueMs(): number {
    if (this.misses === undefined) return Infinity;
    return this.nextMs + this.spread.middleMs + this.everyMs * TOLERANCE + LATE_MS;
  }

  /** An arrival that only gives the place in the rhythm again was not expected: it may begin something else. */
  expects(atMs: number): number | undefined {
    if (this.misses === undefined) return 0;
    return this.spread.accepts(atMs - this.nextMs) ? this.probability : undefined;
  }

  arrived(atMs: number): void {
    if (this.misses === undefined) this.vitality = RESUMED_VITALITY;
    else this.judge(true);
    if (this.misses === 0) this.spread.add(atMs - this.nextMs);
    this.misses = 0;
    this.lastMs = atMs;
    this.seenMs = atMs;
  }

  missedUntil(heardMs: number): void {
    while (this.misses !== undefined && this.overdueMs <= heardMs) {
      this.judge(false);
      this.lastMs = this.nextMs + this.spread.middleMs;
      this.misses = this.misses + 1 < MOST_MISSES ? this.misses + 1 : undefined;
    }
  }

  resume(fromMs: number): void {
    if (this.nextMs + this.spread.lowMs < fromMs) this.misses = undefined;
  }

  expectedWithin(fromMs: number, untilMs: number, atLeast: number): readonly Expected[] {
    const { startMs, probability } = this;
    if (startMs === undefined || startMs < fromMs || startMs >= untilMs) return [];
    if (probability < atLeast) return [];
    return [{ fromMs: startMs, untilMs: this.nextMs + this.spread.highMs, probability }];
  }

  findNext(nowMs: number, atLeast: number): number | undefined {
    const { startMs } = this;
    const isAhead = startMs !== undefined && startMs >= nowMs;
    return isAhead && this.probability >= atLeast ? startMs : undefined;
  }

  isForgotten(nowMs: number): boolean {
    return nowMs - this.seenMs > Math.max(2 * DAY_MS, 5 * this.everyMs);
  }

  private get nextMs(): number {
    return this.lastMs + this.everyMs;
  }

  private judge(came: boolean): void {
    const { hits, chances } = this.recent;
    this.vitality = vitalityAfter(this.vitality, hits / (chances + 0.25), BY_CHANCE, came);
    this.recent.record(came);
  }
}
