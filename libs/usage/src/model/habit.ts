import { toleranceOf } from './periods';
import type { PredictionReason } from './prediction';
import { RecentRate } from './recent-rate';
import { type Expected, LATE_MS, type Rhythm } from './rhythm';
import { SlotRates, type SlotSums } from './slot-rates';
import { Spread } from './spread';
import { vitalityAfter } from './vitality';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Kept without an arrival for eight days (a habit of Mondays is one of days), or five periods. */
const KEPT_DAYS = 8;
const KEPT_PERIODS = 5;
/** Occurrences said at most for one window: a day of minutes. */
const MOST_EXPECTED = 1_440;

/** Occurrences looked at for the next likely one: from one evening to the next morning at a quarter hour each. */
const LOOKED_AHEAD = 100;

/** What an absence on the day after a day without the habit says of the weekday, of what one on that day said. */
const DAY_AFTER = 0.5;
/** Least probability of an arrival where a habit was that is over. */
const LEAST_CHANCE = 0.05;

/** Everything that a habit remembers. */
export interface HabitState {
  readonly everyMs: number;
  /** One instant of the grid; arrivals are measured from the nearest. */
  readonly anchorMs: number;
  /** Newest slot (whole periods after the anchor) of which is known whether it came. */
  readonly slot: number;
  readonly lastMs: number;
  readonly vitality: number;
  readonly recentHits: number;
  readonly recentChances: number;
  /** UTC day of the newest chance, and how alive the habit was at that day's first. */
  readonly day: number;
  readonly dayVitality: number;
  readonly distances: readonly number[];
  readonly sums: SlotSums;
}

/** A question that comes at one place of a period of UTC time: each quarter hour at :02, each day at 09:00:30. */
export class Habit implements Rhythm {
  readonly gridMs: number;
  readonly reason: PredictionReason;
  private readonly anchorMs: number;
  private readonly spread: Spread;
  private readonly rates: SlotRates;
  private readonly recent: RecentRate;
  private byChance = LEAST_CHANCE;
  private slot: number;
  private lastMs: number;
  private vitality: number;
  private day: number;
  private dayVitality: number;

  constructor(private readonly origin: HabitState) {
    this.gridMs = origin.everyMs;
    this.reason = { kind: 'habit', everyMs: origin.everyMs };
    this.anchorMs = origin.anchorMs;
    this.slot = origin.slot;
    this.lastMs = origin.lastMs;
    this.vitality = origin.vitality;
    this.day = origin.day;
    this.dayVitality = origin.dayVitality;
    this.recent = new RecentRate(origin.recentHits, origin.recentChances);
    this.spread = new Spread(origin.distances, toleranceOf(origin.everyMs));
    this.rates = new SlotRates(origin.everyMs, origin.sums);
  }

  get state(): HabitState {
    const { slot, lastMs, vitality, day, dayVitality, recent, spread } = this;
    const { hits: recentHits, chances: recentChances } = recent;
    const known = { slot, lastMs, vitality, recentHits, recentChances, day, dayVitality };
    return { ...this.origin, ...known, distances: spread.kept, sums: this.rates.sums };
  }

  get startMs(): number {
    return this.atOf(this.slot + 1) + this.spread.lowMs;
  }

  get overdueMs(): number {
    return this.atOf(this.slot + 1) + this.spread.middleMs + toleranceOf(this.gridMs) + LATE_MS;
  }

  /** Whether it is believed to be over. */
  get isOver(): boolean {
    return this.vitality < 0.2;
  }

  /** That it comes in the hour that it comes in most surely. */
  get strength(): number {
    return this.vitality * this.rates.best;
  }

  /** Where in its period it comes, ms after the period's begin in UTC. */
  get phaseMs(): number {
    const phaseMs = (this.anchorMs + this.spread.middleMs) % this.gridMs;
    return phaseMs < 0 ? phaseMs + this.gridMs : phaseMs;
  }

  expects(atMs: number): number | undefined {
    const slot = this.slotOf(atMs);
    const isMine = this.spread.accepts(this.distanceOf(atMs, slot));
    return isMine ? this.probability(slot) : undefined;
  }

  arrived(atMs: number, perMs: number): void {
    const slot = this.slotOf(atMs);
    if (slot <= this.slot) return;
    this.judgeAbsent(slot - 1);
    this.byChance = Math.min(0.9, Math.max(LEAST_CHANCE, perMs * this.spread.acceptedMs));
    this.judgeCame(slot);
    this.spread.add(this.distanceOf(atMs, slot));
    this.lastMs = atMs;
  }

  missedUntil(heardMs: number): void {
    this.judgeAbsent(this.slot + 1 + Math.floor((heardMs - this.overdueMs) / this.gridMs));
  }

  resume(fromMs: number): void {
    this.slot = this.firstSlot(fromMs) - 1;
  }

  expectedWithin(fromMs: number, untilMs: number, atLeast: number): readonly Expected[] {
    const found: Expected[] = [];
    if (this.vitality < atLeast) return found;
    const { lowMs, highMs } = this.spread;
    const first = this.firstSlot(fromMs);
    const after = Math.min(first + MOST_EXPECTED, this.slotFrom(untilMs));
    for (let slot = first; slot < after; slot += 1) {
      const probability = this.probability(slot);
      if (probability < atLeast) continue;
      const atMs = this.atOf(slot);
      found.push({ fromMs: atMs + lowMs, untilMs: atMs + highMs, probability });
    }
    return found;
  }

  findNext(nowMs: number, atLeast: number): number | undefined {
    if (this.vitality < atLeast) return undefined;
    const first = this.firstSlot(nowMs);
    for (let slot = first; slot < first + LOOKED_AHEAD; slot = this.nextHour(slot)) {
      if (this.probability(slot) >= atLeast) return this.atOf(slot) + this.spread.lowMs;
    }
    return undefined;
  }

  isForgotten(nowMs: number): boolean {
    return nowMs - this.lastMs > Math.max(KEPT_DAYS * DAY_MS, KEPT_PERIODS * this.gridMs);
  }

  private judgeCame(slot: number): void {
    const atMs = this.beginDay(slot);
    this.vitality = vitalityAfter(this.vitality, this.rates.proven(atMs), this.byChance, true);
    this.rates.recordArrival(atMs);
    this.recent.record(true);
    this.slot = slot;
  }

  /**
   * Judges every slot up to `last` as absent, an hour at a time: the sums are by hours. An absence counts for the hour as far as the
   * habit is believed to be alive after it, so that its end is not taken for an hour without it; and for the weekday as
   * far as it was alive when the day began, or half as much as the day before, so that the second of two days off is
   * learned too, and a habit that is over does not leave every weekday free.
   */
  private judgeAbsent(last: number): void {
    while (this.slot < last) {
      const first = this.slot + 1;
      const atMs = this.beginDay(first);
      const after = Math.min(last + 1, this.nextHour(first));
      const { vitality, dayVitality, byChance } = this;
      const before = { vitality, dayVitality, byChance };
      this.vitality = this.rates.recordAbsences(atMs, after - first, before);
      this.recent.recordAbsences(after - first);
      this.slot = after - 1;
    }
  }

  /** Returns the instant that names the slot. */
  private beginDay(slot: number): number {
    const atMs = this.namedAt(slot);
    const day = Math.floor(atMs / DAY_MS);
    if (day !== this.day) {
      this.dayVitality = Math.max(this.vitality, DAY_AFTER * this.dayVitality);
    }
    this.day = day;
    return atMs;
  }

  private probability(slot: number): number {
    return this.vitality * this.rates.probability(this.namedAt(slot), this.recent.rate);
  }

  /** The instant that names a slot's hour: a little later than its grid, as callers of 09:00 may come before it. */
  private namedAt(slot: number): number {
    return this.atOf(slot) + Math.min(this.gridMs / 4, 120_000);
  }

  /** The first slot that is named by a later hour than this one. */
  private nextHour(slot: number): number {
    const atMs = this.namedAt(slot);
    return slot + Math.ceil((HOUR_MS - (atMs % HOUR_MS)) / this.gridMs);
  }

  /** The first slot that is awaited and whose window begins at `fromMs` or later. */
  private firstSlot(fromMs: number): number {
    return Math.max(this.slotFrom(fromMs), this.slot + 1);
  }

  /** The first slot whose window begins at `fromMs` or later. */
  private slotFrom(fromMs: number): number {
    return Math.ceil((fromMs - this.anchorMs - this.spread.lowMs) / this.gridMs);
  }

  private slotOf(atMs: number): number {
    return Math.round((atMs - this.anchorMs - this.spread.middleMs) / this.gridMs);
  }

  private distanceOf(atMs: number, slot: number): number {
    return atMs - this.atOf(slot);
  }

  private atOf(slot: number): number {
    return this.anchorMs + slot * this.gridMs;
  }
}
