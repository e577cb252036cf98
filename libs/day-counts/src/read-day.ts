import { keys, type RedisConnection } from '@candlekeep/redis';
import { dayOf } from './day';

/** What all processes together counted on one day (UTC). */
export interface Day {
  /** `2026-11-23` */
  readonly day: string;
  /** 0 for what nobody counted. */
  readonly count: (field: string) => number;
  /** By what comes behind `prefix`, largest first. */
  readonly startingWith: (prefix: string) => Readonly<Record<string, number>>;
}

/** The day of an instant (epoch ms). A day that nobody counted on, or that is more than three days past, is one of zeros. */
export async function readDay(redis: RedisConnection, atMs: number): Promise<Day> {
  const day = dayOf(atMs);
  const kept = await redis.hgetall(keys.dayCounts(day));
  const counts = new Map(Object.entries(kept).map(([field, text]) => [field, Number(text)]));
  return {
    day,
    count: (field) => counts.get(field) ?? 0,
    startingWith: (prefix) =>
      Object.fromEntries(
        [...counts]
          .filter(([field]) => field.startsWith(prefix))
          .map(([field, count]) => [field.slice(prefix.length), count] as const)
          .toSorted(([, a], [, b]) => b - a),
      ),
  };
}
