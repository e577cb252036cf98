import { isMarketCode, type Series, Timeframe } from '@candlekeep/market';
import type { UsageNote } from '../src/usage-note';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const TIMEFRAMES = ['1m', '5m', '15m', '60m', '1d'];

/** What kind of caller asked, and whether its habit is one that it changed. */
export type Kind = 'daily' | 'hourly' | 'office' | 'paced' | 'chain' | 'noise';

export interface WorldNote extends UsageNote {
  readonly kind: Kind;
  /** Asked by a caller that changed its habit, after it did. */
  readonly isNew: boolean;
}

/** Where chance comes from. */
export interface Chance {
  next(): number;
  between(low: number, high: number): number;
  pick<Value>(values: readonly Value[]): Value;
  chance(probability: number): boolean;
}

export interface WorldTerms {
  readonly startMs: number;
  readonly days: number;
  /** First day (from 0) of the new habits. */
  readonly driftDay: number;
  /** Of all notes, those that follow no habit. */
  readonly noise: number;
  /** Whether nobody but paced callers asks on Saturdays and Sundays. */
  readonly restsAtWeekends?: boolean;
}

interface Asking {
  readonly kind: Kind;
  readonly caller: string;
  readonly series: Series;
  readonly count: number;
  readonly maxAgeMs: number;
}

/** Callers with hidden habits, half of which change on the drift day, and chance between. Notes in order of time. */
export class HabitWorld {
  private readonly notes: WorldNote[] = [];
  private markets = 0;

  constructor(
    private readonly random: Chance,
    private readonly terms: WorldTerms,
  ) {}

  run(): readonly WorldNote[] {
    for (let index = 0; index < 6; index += 1) {
      const changes = index % 2 === 1;
      this.grid('daily', index, { everyMs: DAY_MS, jitterMs: 20_000, changes });
      this.grid('hourly', index, { everyMs: HOUR_MS, jitterMs: 3_000, changes });
      this.grid('office', index, { everyMs: 15 * MINUTE_MS, jitterMs: 2_000, changes });
      this.chain(index, changes);
    }
    for (let index = 0; index < 4; index += 1) this.paced(index);
    this.strew();
    return this.notes.sort((a, b) => a.atMs - b.atMs);
  }

  private grid(
    kind: 'daily' | 'hourly' | 'office',
    index: number,
    { everyMs, jitterMs, changes }: { everyMs: number; jitterMs: number; changes: boolean },
  ): void {
    const asking = this.asking(kind, `${kind}-${index}`);
    const phase = (): number => Math.floor(this.random.next() * everyMs * 0.9);
    const [before, after] = [phase(), phase()];
    this.eachDay((dayMs, day) => {
      const isNew = changes && day >= this.terms.driftDay;
      for (let slotMs = dayMs; slotMs < dayMs + DAY_MS; slotMs += everyMs) {
        if (this.random.chance(0.02) || !this.works(kind, slotMs)) continue;
        const atMs = slotMs + (isNew ? after : before) + this.random.next() * jitterMs;
        this.note(asking, atMs, isNew);
      }
    });
  }

  /** Asks A at any time, B about 2 s and C about 10 s later; after the change D takes the place of B. */
  private chain(index: number, changes: boolean): void {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(() => this.asking('chain', `chain-${index}`));
    if (a === undefined || b === undefined || c === undefined || d === undefined) return;
    this.eachDay((dayMs, day) => {
      const isNew = changes && day >= this.terms.driftDay;
      for (let count = 0; count < 20; count += 1) {
        const atMs = dayMs + this.random.next() * (DAY_MS - MINUTE_MS);
        if (!this.works('chain', atMs)) continue;
        this.note({ ...a, kind: 'noise' }, atMs, false);
        if (this.random.chance(0.02)) continue;
        this.note(isNew ? d : b, atMs + 1_500 + this.random.next() * 1_000, isNew);
        this.note(c, atMs + 9_000 + this.random.next() * 2_000, false);
      }
    });
  }

  private paced(index: number): void {
    const asking = this.asking('paced', `paced-${index}`);
    const { startMs, days } = this.terms;
    let atMs = startMs + this.random.next() * 144_000;
    while (atMs < startMs + days * DAY_MS) {
      this.note(asking, atMs, false);
      atMs += 144_000 + (this.random.next() - 0.5) * 1_000;
    }
  }

  /** Half of the chance is questions that have a habit, as often as they are asked anyway; half is other questions of the callers. */
  private strew(): void {
    const { startMs, days, noise } = this.terms;
    const regular = [...this.notes];
    const count = Math.floor((this.notes.length * noise) / (1 - noise));
    for (let index = 0; index < count; index += 1) {
      const atMs = startMs + this.random.next() * days * DAY_MS;
      const known = this.random.pick(regular);
      const asking = this.random.chance(0.5) ? known : this.asking('noise', known.caller, 40);
      this.note({ ...asking, kind: 'noise' }, atMs, false);
    }
  }

  private works(kind: Kind, atMs: number): boolean {
    const weekday = new Date(atMs).getUTCDay();
    if (this.terms.restsAtWeekends === true && (weekday === 0 || weekday === 6)) return false;
    const hour = (atMs % DAY_MS) / HOUR_MS;
    return kind !== 'office' || (hour >= 9 && hour < 17);
  }

  private eachDay(visit: (dayMs: number, day: number) => void): void {
    const { startMs, days } = this.terms;
    for (let day = 0; day < days; day += 1) visit(startMs + day * DAY_MS, day);
  }

  /** A market of its own for every habit; `among` so many markets for chance. */
  private asking(kind: Kind, caller: string, among?: number): Asking {
    const number = among === undefined ? (this.markets += 1) : this.random.between(1, among);
    const market = `KRW-${among === undefined ? 'M' : 'X'}${number}`;
    if (!isMarketCode(market)) throw new RangeError(`${market} is no market`);
    const series = { market, timeframe: Timeframe.parse(this.random.pick(TIMEFRAMES)) };
    return { kind, caller, series, count: this.random.pick([30, 60, 200]), maxAgeMs: 1_000 };
  }

  private note(asking: Asking, atMs: number, isNew: boolean): void {
    this.notes.push({ ...asking, back: 0, atMs: Math.round(atMs), times: 1, isNew });
  }
}
