import type { FollowerPattern, HabitPattern, SeriesPattern } from '@candlekeep/usage';
import type { PatternsReading } from './learned-patterns';

/** The JSON of `GET /api/patterns`: how often what is asked, by whom at which time, and what follows what. */
export function patternsBody({ nowMs, learnedUntilMs, patterns }: PatternsReading) {
  const { requests, hours, series, followers, habits } = patterns;
  return {
    at: instant(nowMs),
    ...(learnedUntilMs === 0 ? {} : { learnedUntil: instant(learnedUntilMs) }),
    requests: short(requests),
    hours: hours.map(short),
    series: series.map(seriesBody),
    followers: followers.map(followerBody),
    habits: habits.map(habitBody),
  };
}

function seriesBody({ series, requests, share, count }: SeriesPattern) {
  const { market, timeframe } = series;
  return {
    ...{ market, timeframe: timeframe.code, count },
    ...{ requests: short(requests), share: short(share) },
  };
}

function followerBody({ caller, after, next, probability, delayMs }: FollowerPattern) {
  return {
    caller,
    after: marketAndTimeframe(after),
    next: marketAndTimeframe(next),
    probability: short(probability),
    delayMs: Math.round(delayMs),
  };
}

function habitBody({ caller, series, everyMs, phaseMs, probability, count }: HabitPattern) {
  return {
    caller,
    ...marketAndTimeframe(series),
    count,
    everyMs: Math.round(everyMs),
    ...(phaseMs === undefined ? {} : { phaseMs: Math.round(phaseMs) }),
    probability: short(probability),
  };
}

/** Reads a series' name, `KRW-BTC:15m`. */
function marketAndTimeframe(name: string) {
  const [market = '', timeframe = ''] = name.split(':');
  return { market, timeframe };
}

/** Three digits behind the point: more is noise to people. */
function short(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** ISO 8601, UTC. */
function instant(ms: number): string {
  return new Date(ms).toISOString();
}
