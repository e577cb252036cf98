import { type Series, seriesName } from '@candlekeep/market';
import type { AskedQuestion } from './asked-question';

const SHOWN = 50;
/** Questions asked most often, of which followers and habits are looked at: the likeliest of them are shown. */
const LOOKED_AT = 4 * SHOWN;
/** A follower is shown from this probability on. */
const LEAST_FOLLOWER = 0.3;
const LEAST_HABIT = 0.3;

/** How often a series is asked for. */
export interface SeriesPattern {
  readonly series: Series;
  /** Requests a day, as in {@link UsagePatterns.requests}. */
  readonly requests: number;
  /** Of all requests, 0..1. */
  readonly share: number;
  /** Rows that half of the requests ask for at most. */
  readonly count: number;
}

/** What a caller asks after something else. */
export interface FollowerPattern {
  readonly caller: string;
  /** The series asked for first, and the one that follows. */
  readonly after: string;
  readonly next: string;
  readonly probability: number;
  /** Median, ms. */
  readonly delayMs: number;
}

/** A question that comes at one place of a period. */
export interface HabitPattern {
  readonly caller: string;
  readonly series: string;
  readonly everyMs: number;
  /** After the begin of the period in UTC, ms; undefined for a pace, which is counted from arrival to arrival. */
  readonly phaseMs: number | undefined;
  /** In the hour in which it comes most surely. */
  readonly probability: number;
  /** Rows asked for. */
  readonly count: number;
}

/**
 * What is learned, for people: at most 50 of each kind, the most frequent or likeliest first; followers and habits of the
 * 200 questions that are asked most often.
 */
export interface UsagePatterns {
  /** Requests a day, decayed; told from one hour listened at least, so what came in the first minutes is no flood. */
  readonly requests: number;
  /** The same by UTC hour of day, told from one day listened at least. */
  readonly hours: readonly number[];
  readonly series: readonly SeriesPattern[];
  readonly followers: readonly FollowerPattern[];
  readonly habits: readonly HabitPattern[];
}

/** A question with its requests a day. */
export interface Weighed {
  readonly asked: AskedQuestion;
  readonly requests: number;
}

export function describePatterns(
  weighed: readonly Weighed[],
  hours: readonly number[],
): UsagePatterns {
  const requests = weighed.reduce((sum, one) => sum + one.requests, 0);
  const series = [...bySeries(weighed).values()]
    .map((group) => describeSeries(group, requests))
    .sort((a, b) => b.requests - a.requests);
  const often = [...weighed].sort((a, b) => b.requests - a.requests).slice(0, LOOKED_AT);
  const followers = often
    .flatMap(({ asked }) => followersOf(asked))
    .sort((a, b) => b.probability - a.probability);
  const habits = often
    .flatMap(({ asked }) => habitsOf(asked))
    .sort((a, b) => b.probability - a.probability);
  return {
    requests,
    hours,
    series: series.slice(0, SHOWN),
    followers: followers.slice(0, SHOWN),
    habits: habits.slice(0, SHOWN),
  };
}

/** Questions grouped by the series they are about. */
export function bySeries(weighed: readonly Weighed[]): ReadonlyMap<string, readonly Weighed[]> {
  const groups = new Map<string, Weighed[]>();
  for (const one of weighed) {
    const name = seriesName(one.asked.question.series);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [one]);
    else group.push(one);
  }
  return groups;
}

/** The least value that at least `share` of the requests do not exceed. */
export function quantile(
  group: readonly Weighed[],
  valueOf: (asked: AskedQuestion) => number,
  share: number,
): number {
  const sorted = group
    .map(({ asked, requests }) => ({ value: valueOf(asked), requests }))
    .sort((a, b) => a.value - b.value);
  const wanted = share * sorted.reduce((sum, { requests }) => sum + requests, 0);
  let sum = 0;
  for (const { value, requests } of sorted) {
    sum += requests;
    if (sum >= wanted) return value;
  }
  return sorted[sorted.length - 1]?.value ?? 0;
}

function describeSeries(group: readonly Weighed[], all: number): SeriesPattern {
  const [first] = group;
  if (first === undefined) throw new RangeError('a group of questions has at least one');
  const requests = group.reduce((sum, one) => sum + one.requests, 0);
  const count = quantile(group, ({ question }) => question.count, 0.5);
  const { series } = first.asked.question;
  return { series, requests, share: all > 0 ? requests / all : 0, count };
}

function followersOf({ question, followers }: AskedQuestion): readonly FollowerPattern[] {
  const { caller, series } = question;
  return followers
    .likely(Infinity, LEAST_FOLLOWER)
    .map(({ question: next, probability, middleMs }) => {
      const names = { after: seriesName(series), next: seriesName(next.series) };
      return { caller, ...names, probability, delayMs: middleMs };
    });
}

function habitsOf({ question, habits, pace }: AskedQuestion): HabitPattern[] {
  const { caller, count } = question;
  const about = { caller, series: seriesName(question.series), count };
  const regular = habits.map(({ gridMs: everyMs, phaseMs, strength: probability }) => {
    return { ...about, everyMs, phaseMs, probability };
  });
  const paced =
    pace === undefined
      ? []
      : [{ ...about, everyMs: pace.everyMs, phaseMs: undefined, probability: pace.probability }];
  return [...regular, ...paced].filter(({ probability }) => probability >= LEAST_HABIT);
}
