import { createHash } from 'node:crypto';
import { type Series, isMarketCode, seriesName, Timeframe } from '@candlekeep/market';
import { z } from 'zod';

/** BullMQ queue that carries fetch jobs. */
export const FETCH_QUEUE = 'fetch';

/** A ticker question for every market of the exchange stays below 12,000 characters. */
export const MAX_QUERY_LENGTH = 16_000;

const epochMs = z.int().nonnegative();
const seriesFields = {
  market: z.string().refine(isMarketCode, 'expected one pair such as KRW-BTC'),
  timeframe: z.string().refine((code) => Timeframe.find(code) !== undefined, 'unknown timeframe'),
};

/** One call of the exchange that somebody needs. Jobs carry the question only; candles go straight into the tiers. */
export const fetchJobSchema = z.discriminatedUnion('kind', [
  /** The newest page; nothing to do when the head was seen since `freshSinceMs` (by the cache server's clock). */
  z.object({ kind: z.literal('head'), ...seriesFields, freshSinceMs: epochMs }),
  /** The aligned page that ends at `untilMs`. */
  z.object({ kind: z.literal('tile'), ...seriesFields, untilMs: epochMs }),
  /** The list of markets, seen since `freshSinceMs`. */
  z.object({ kind: z.literal('markets'), details: z.boolean(), freshSinceMs: epochMs }),
  /** Any other public question, passed on as it came, seen since `freshSinceMs`. */
  z.object({
    kind: z.literal('forward'),
    path: z.string().max(64),
    query: z.string().max(MAX_QUERY_LENGTH),
    freshSinceMs: epochMs,
  }),
]);

export type FetchJob = z.infer<typeof fetchJobSchema>;
/** A job for a page of candles. */
export type PageJob = Extract<FetchJob, { kind: 'head' | 'tile' }>;
/** A job for an answer that is passed on as text. */
export type TextJob = Exclude<FetchJob, PageJob>;

/** The series a page job is about. */
export function seriesOfJob({ market, timeframe }: PageJob): Series {
  return { market, timeframe: Timeframe.parse(timeframe) };
}

/** Equal needs have equal ids: while one is under way, a second becomes the same call. */
export function fetchId(job: FetchJob): string {
  switch (job.kind) {
    case 'head':
      return `${seriesName(seriesOfJob(job))}:head`;
    case 'tile':
      return `${seriesName(seriesOfJob(job))}:${job.untilMs}`;
    case 'markets':
    case 'forward':
      return textAnswerName(job);
  }
}

/** The name under which the answer of a text job is cached. Long questions are named by their digest. */
export function textAnswerName(job: TextJob): string {
  if (job.kind === 'markets') return `markets:${job.details ? 'details' : 'plain'}`;
  return `forward:${createHash('sha256').update(`${job.path}?${job.query}`).digest('hex')}`;
}
