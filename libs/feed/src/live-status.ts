import { isMarketCode } from '@candlekeep/market';
import { keys, readOwnText, type RedisConnection } from '@candlekeep/redis';
import { z } from 'zod';

/** A status that was not renewed for so long is gone, ms: nobody leads, or the leader cannot tell. */
const STATUS_TTL_MS = 5_000;

const count = z.number().int().nonnegative();
const ms = z.number().nonnegative();

const marketStatus = z.object({
  market: z.string().refine(isMarketCode),
  /** Since the last frame of this market arrived; absent before the first. */
  lastFrameAgeMs: ms.optional(),
  /** Minutes by how they became known: checked against the exchange's own page, closed by its stream, decided by a REST read. */
  provenance: z.object({ native: count, stream: count, rest: count }),
  /** Verdicts on closed minutes: traded or empty by proof, and those that the stream could not decide. */
  proven: count,
  empty: count,
  doubtful: count,
  /** Minutes whose native row turned out to be another one. */
  corrections: count,
  /** `stream`: minutes are closed by proof. `rest`: each close takes a REST read, until the market behaves. */
  mode: z.enum(['stream', 'rest']),
});

const liveStatus = z.object({
  /** Who leads, by which fencing token, since when; epoch ms. */
  leader: z.string().min(1),
  token: count,
  sinceMs: ms,
  /** When this was told, epoch ms. */
  atMs: ms,
  stream: z.object({
    state: z.enum(['away', 'silent', 'lagging', 'steady']),
    /** Since the last frame of any market; absent before the first. */
    ageMs: ms.optional(),
    /** How far behind the exchange's own clock frames arrive; absent before the first that says. */
    lagMs: z.number().optional(),
  }),
  markets: z.array(marketStatus),
});

/** How the process that follows the exchange's stream stands. */
export type LiveStatus = z.infer<typeof liveStatus>;
export type MarketStatus = z.infer<typeof marketStatus>;

/** Tells the status for the next {@link STATUS_TTL_MS}. Rejects with ioredis' error. */
export async function writeStatus(redis: RedisConnection, status: LiveStatus): Promise<void> {
  await redis.set(keys.feedStatus, JSON.stringify(status), 'PX', STATUS_TTL_MS);
}

/**
 * What the leader told last; undefined when nobody told anything within {@link STATUS_TTL_MS}, or it cannot be understood: then it is taken
 * away.
 */
export async function readStatus(redis: RedisConnection): Promise<LiveStatus | undefined> {
  return await readOwnText(redis, keys.feedStatus, (text) => liveStatus.parse(JSON.parse(text)));
}
