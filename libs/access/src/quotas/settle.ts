import path from 'node:path';
import { LuaScript, type RedisConnection } from '@candlekeep/redis';
import { z } from 'zod';
import type { Quota } from './quota';

/** However long an answer was, its key is heard again after a day, ms. A counter that ends later is none of ours. */
export const LONGEST_CLOSED_MS = 24 * 3_600_000;
/** The most that a counter says: beyond it numbers are no longer exact. */
export const MOST_COUNTED = 999_999_999_999_999;

/** The counters of one key, as they are called in Redis. */
export interface CounterNames {
  readonly sustained: string;
  readonly burst: string;
}

const script = new LuaScript(
  path.join(__dirname, 'settle.lua'),
  (reply) => z.number().parse(reply),
  'all',
);

/** Takes rows that were answered off both windows, see `settle.lua`; resolves with when the minute begins anew, ms from now. */
export async function settleRows(
  redis: RedisConnection,
  names: CounterNames,
  { quota, rows }: { readonly quota: Quota; readonly rows: number },
): Promise<number> {
  const { sustained, burst } = quota;
  return await script.run(
    redis,
    [names.sustained, names.burst],
    [
      ...[rows, sustained.rows, sustained.seconds * 1_000, burst.seconds * 1_000],
      ...[LONGEST_CLOSED_MS, MOST_COUNTED],
    ],
  );
}
