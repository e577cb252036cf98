import { isMarketCode, Timeframe } from '@candlekeep/market';
import { keys, readOwnText, type RedisConnection } from '@candlekeep/redis';
import { z } from 'zod';

/** A plan that was not renewed for so long is gone, ms: nobody preloads, or whoever does cannot tell. */
const PLAN_TTL_MS = 15_000;
/** Series and expectations that a plan shows at most. */
export const SHOWN_SERIES = 1_000;
export const SHOWN_EXPECTED = 50;

const instant = z.number().nonnegative();
const count = z.number().int().nonnegative();
const series = {
  market: z.string().refine(isMarketCode),
  timeframe: z.string().refine((code) => Timeframe.find(code) !== undefined),
};

const warmSeries = z.object({
  ...series,
  /** Rows that are kept at hand. */
  candles: count,
  /** For people. */
  why: z.array(z.string()),
  /** Until then L1 keeps it before what nobody is expected to ask, epoch ms. */
  untilMs: instant,
});

const expected = z.object({
  ...series,
  count,
  back: count,
  fromMs: instant,
  untilMs: instant,
  probability: z.number().min(0).max(1),
  source: z.enum(['strategy', 'habit', 'pace', 'sequence']),
  why: z.array(z.string()),
});

const preloadPlan = z.object({
  /** When it was written; who preloads, since when; epoch ms. */
  atMs: instant,
  owner: z.string().min(1),
  sinceMs: instant,
  /** Calls of the exchange. */
  budget: z.object({ perHour: count, left: z.number() }),
  schedules: z.array(z.object({ id: z.string(), nextMs: instant })),
  /** What is kept warm, and why. */
  warm: z.array(warmSeries),
  /** What is expected next, the soonest first. */
  upcoming: z.array(expected),
  /** Since the owner began: questions learned from, trimmed before they were read, not understood; early questions asked, and not taken by the queue. */
  counts: z.object({ notes: count, lost: count, unreadable: count, asks: count, refused: count }),
});

/** What is preloaded now, and why. */
export type PreloadPlan = z.infer<typeof preloadPlan>;
export type WarmSeries = z.infer<typeof warmSeries>;

/** Tells the plan for the next {@link PLAN_TTL_MS}. Rejects with ioredis' error. */
export async function writePlan(redis: RedisConnection, plan: PreloadPlan): Promise<void> {
  await redis.set(keys.preloadPlan, JSON.stringify(plan), 'PX', PLAN_TTL_MS);
}

/**
 * What the owner told last; undefined when nobody told anything within {@link PLAN_TTL_MS}, or it cannot be understood: then it is taken
 * away.
 */
export async function readPlan(redis: RedisConnection): Promise<PreloadPlan | undefined> {
  return await readOwnText(redis, keys.preloadPlan, (text) => preloadPlan.parse(JSON.parse(text)));
}
