import { InvalidValue, isMarketCode, type Series, seriesName, Timeframe } from '@candlekeep/market';
import type { JobsOptions } from 'bullmq';
import { z } from 'zod';

/** BullMQ queue that carries what is asked before callers ask it; no caller waits for its jobs. */
export const PRELOAD_QUEUE = 'preloads';

/** Rows of one answer at most. */
const MAX_ROWS = 200;
const timeframe = z
  .string()
  .refine((code) => Timeframe.find(code) !== undefined, 'unknown timeframe');

/** Work that makes answers ready. Jobs carry a name or a question only; what a run has done is kept elsewhere. */
export const preloadJobSchema = z.discriminatedUnion('kind', [
  /** All that one strategy needs, from where the run stands. */
  z.object({ kind: z.literal('run'), runId: z.string().min(1).max(64) }),
  /** What is needed of one timeframe, shortly before a candle of it closes. */
  z.object({ kind: z.literal('timeframe'), timeframe }),
  /** What the next hour is likely to bring. */
  z.object({ kind: z.literal('hourly') }),
  /** All that active strategies need, when a UTC day has begun. */
  z.object({ kind: z.literal('daily') }),
  /** One question that is likely to come. */
  z.object({
    kind: z.literal('wish'),
    market: z.string().refine(isMarketCode, 'expected one pair such as KRW-BTC'),
    timeframe,
    /** Rows. */
    count: z.int().min(1).max(MAX_ROWS),
    /** Slots between the present slot's end and the page's end; 0: the newest rows. */
    back: z.int().nonnegative(),
    maxAgeMs: z.number().nonnegative(),
    /** Epoch ms of the queue server; nobody wants it after that. */
    untilMs: z.number().nonnegative(),
    /** For people. */
    why: z.string().max(200),
    source: z.enum(['strategy', 'habit', 'pace', 'sequence']),
  }),
]);

export type PreloadJob = z.infer<typeof preloadJobSchema>;

/** 1 is taken first. A wish is worth nothing a second later, and a boundary does not wait; runs take minutes; the rest has time. */
const PRIORITIES: Readonly<Record<PreloadJob['kind'], number>> = {
  ...{ wish: 1, timeframe: 2, run: 3, hourly: 4, daily: 4 },
};
const RUN_ATTEMPTS = 3;
const BACKOFF_MS = 1_000;
const KEPT_FAILURES = 100;

/** Throws {@link InvalidValue} for a job that no worker would take. */
export function checkPreloadJob(job: PreloadJob): PreloadJob {
  const parsed = preloadJobSchema.safeParse(job);
  if (parsed.success) return parsed.data;
  throw new InvalidValue(
    `a preload of kind "${job.kind}" cannot be asked for: ${z.prettifyError(parsed.error)}`,
  );
}

/** Equal work has equal ids: `run:<id>`, `timeframe:<code>`, `hourly`, `daily`, `wish:<series>:<count>:<back>`. */
export function preloadId(job: PreloadJob): string {
  switch (job.kind) {
    case 'run':
      return `run:${job.runId}`;
    case 'timeframe':
      return `timeframe:${job.timeframe}`;
    case 'hourly':
    case 'daily':
      return job.kind;
    case 'wish':
      return `wish:${seriesName(seriesOfWish(job))}:${job.count}:${job.back}`;
  }
}

/** How BullMQ treats a job of a kind. Only a run is tried again: everything else comes round, or is worth nothing later. */
export function preloadOptions(kind: PreloadJob['kind']): JobsOptions {
  const priority = PRIORITIES[kind];
  const kept = { removeOnComplete: true, removeOnFail: { count: KEPT_FAILURES } };
  if (kind !== 'run') return { ...kept, priority, attempts: 1 };
  const backoff = { type: 'exponential', delay: BACKOFF_MS, jitter: 1 };
  return { ...kept, priority, attempts: RUN_ATTEMPTS, backoff };
}

function seriesOfWish(wish: Extract<PreloadJob, { kind: 'wish' }>): Series {
  return { market: wish.market, timeframe: Timeframe.parse(wish.timeframe) };
}
