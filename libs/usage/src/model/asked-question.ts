import type { UsageQuestion } from '../usage-question';
import { findFinestHabit } from './birth';
import { DecayedCount } from './decayed-count';
import { Followers } from './followers';
import type { Habit } from './habit';
import { Pace } from './pace';
import type { Rhythm } from './rhythm';

/** Newest arrivals kept, and before them such as nothing explained. */
export const NEWEST_KEPT = 12;
export const ODD_KEPT = 32;
const MOST_HABITS = 6;
/** An arrival that was expected at least so surely is explained: it begins nothing new. */
const EXPLAINS = 0.5;
/** Rhythms whose expectations differ by no more than this share an arrival. */
const ALIKE = 0.1;
const REQUESTS_HALF_LIFE_DAYS = 1;

/** Everything that is remembered of one question; see the parts. */
export interface AskedState {
  readonly newest: readonly number[];
  readonly odd: readonly number[];
  readonly requests: DecayedCount;
  readonly habits: readonly Habit[];
  readonly pace: Pace | undefined;
  readonly followers: Followers;
}

/** One question of one caller: when it came, its rhythms, and what follows it. */
export class AskedQuestion {
  readonly requests: DecayedCount;
  readonly followers: Followers;
  /** What is asked, without who asks: the tail of its text. */
  readonly subject: string;
  private newest: readonly number[];
  private odd: readonly number[];
  private habitList: readonly Habit[];
  private paceFound: Pace | undefined;
  /** Habits and pace; the same list for as long as none comes or goes. */
  private all: readonly Rhythm[];

  constructor(
    readonly text: string,
    readonly question: UsageQuestion,
    state?: AskedState,
  ) {
    this.requests = state?.requests ?? new DecayedCount(REQUESTS_HALF_LIFE_DAYS);
    this.followers = state?.followers ?? new Followers(question.caller);
    this.subject = text.slice(question.caller.length + 1);
    this.newest = state?.newest ?? [];
    this.odd = state?.odd ?? [];
    this.habitList = state?.habits ?? [];
    this.paceFound = state?.pace;
    this.all = together(this.habitList, this.paceFound);
  }

  /** For {@link AskedState.requests} of a stored value. */
  static requestsOf([value, listenedMs]: readonly [number, number]): DecayedCount {
    return new DecayedCount(REQUESTS_HALF_LIFE_DAYS, value, listenedMs);
  }

  get state(): AskedState {
    const { newest, odd, requests, habits, pace, followers } = this;
    return { newest, odd, requests, habits, pace, followers };
  }

  get habits(): readonly Habit[] {
    return this.habitList;
  }

  get pace(): Pace | undefined {
    return this.paceFound;
  }

  get rhythms(): readonly Rhythm[] {
    return this.all;
  }

  /**
   * Learns that it was asked. The rhythm that expected it most has it, and those that did nearly as much: what only seems
   * to explain it starves. Its rhythms may be others afterwards.
   */
  arrived(atMs: number): void {
    const expecting = this.rhythms.map((rhythm) => ({
      rhythm,
      expected: rhythm.expects(atMs) ?? -1,
    }));
    const most = Math.max(0, ...expecting.map(({ expected }) => expected));
    for (const { rhythm, expected } of expecting) {
      if (expected >= Math.max(0, most - ALIKE)) rhythm.arrived(atMs, this.perMs);
    }
    this.remember(atMs, most >= EXPLAINS);
    if (most < EXPLAINS) this.beget(atMs);
  }

  /** Forgets a rhythm. */
  drop(rhythm: Rhythm): void {
    const habits = this.habitList.filter((habit) => habit !== rhythm);
    this.keep(habits, this.paceFound === rhythm ? undefined : this.paceFound);
  }

  /** How often it came lately, whenever: arrivals a millisecond. */
  private get perMs(): number {
    const { newest } = this;
    const first = newest[0] ?? 0;
    const last = newest[newest.length - 1] ?? 0;
    return last > first ? (newest.length - 1) / (last - first) : 0;
  }

  private remember(atMs: number, isExplained: boolean): void {
    if (!isExplained) this.odd = [...this.odd, atMs].slice(-ODD_KEPT);
    this.newest = [...this.newest, atMs].slice(-NEWEST_KEPT);
  }

  /** Looks for a rhythm that this arrival completes. A habit that is believed to be over gives way to its like. */
  private beget(atMs: number): void {
    const pace = Pace.find(this.newest);
    if (pace !== undefined) this.keep(this.habitList, pace);
    else this.begetHabit(atMs);
  }

  private begetHabit(atMs: number): void {
    const alike = (everyMs: number): Habit | undefined =>
      this.habitList.find((habit) => habit.gridMs === everyMs && habit.expects(atMs) !== undefined);
    const { odd: arrivals, perMs } = this;
    const born = findFinestHabit(
      { arrivals, perMs },
      (everyMs) => alike(everyMs)?.isOver === false,
    );
    if (born !== undefined) this.enter(born, alike(born.gridMs));
  }

  private enter(born: Habit, replaced: Habit | undefined): void {
    const others = this.habitList.filter((habit) => habit !== replaced);
    const strongest = [...others].sort((a, b) => b.strength - a.strength);
    this.keep([...strongest.slice(0, MOST_HABITS - 1), born], this.paceFound);
  }

  private keep(habits: readonly Habit[], pace: Pace | undefined): void {
    this.habitList = habits;
    this.paceFound = pace;
    this.all = together(habits, pace);
  }
}

function together(habits: readonly Habit[], pace: Pace | undefined): readonly Rhythm[] {
  return pace === undefined ? habits : [...habits, pace];
}
