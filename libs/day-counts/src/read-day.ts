import { forgetPoison, keys, onPoison, type RedisConnection } from '@candlekeep/redis';
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

/**
 * The day of an instant (epoch ms). A day that nobody counted on, or that is more than three days past, is one of zeros; what is no count is
 * taken away and is one as well.
 */
export async function readDay(redis: RedisConnection, atMs: number): Promise<Day> {
  const day = dayOf(atMs);
  const counts = await readCounts(redis, keys.dayCounts(day));
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

async function readCounts(
  redis: RedisConnection,
  key: string,
): Promise<ReadonlyMap<string, number>> {
  const kept = (await onPoison(redis, [key], () => redis.hgetall(key))) ?? {};
  const counts = Object.entries(kept).map(([field, text]) => [field, Number(text)] as const);
  const fields = counts.filter(([, count]) => !isCount(count)).map(([field]) => field);
  if (fields.length > 0) {
    const error = new TypeError(`no counts of a day: ${fields.join(', ')}`);
    await forgetPoison(redis, { keys: [key], fields, error });
  }
  return new Map(counts.filter(([, count]) => isCount(count)));
}

/** A million a second would take longer than a day. */
const MOST = 1e12;

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < MOST;
}
