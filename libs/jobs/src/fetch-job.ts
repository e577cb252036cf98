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

/** Something that somebody waits for. Jobs carry the question only; candles go straight into the tiers. */
export const fetchJobSchema = z.discriminatedUnion('kind', [
  /** The newest page; nothing to do when the head was seen since `freshSinceMs` (by the cache server's clock). */
  z.object({ kind: z.literal('head'), ...seriesFields, freshSinceMs: epochMs }),
  /** The 200 slots that end at `untilMs`. */
  z
    .object({ kind: z.literal('page'), ...seriesFields, untilMs: epochMs })
    .refine(isOpen, 'untilMs opens no candle of the timeframe'),
  /** What can be folded from stored candles of the tile that ends at `untilMs`; costs no call. */
  z
    .object({ kind: z.literal('fold'), ...seriesFields, untilMs: epochMs })
    .refine(isOpen, 'untilMs opens no candle of the timeframe'),
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
type OfKind<K extends FetchJob['kind']> = Extract<FetchJob, { kind: K }>;
export type HeadJob = OfKind<'head'>;
export type PageJob = OfKind<'page'>;
export type FoldJob = OfKind<'fold'>;
/** A job about one series. */
export type CandleJob = HeadJob | PageJob | FoldJob;
/** A job for an answer that is passed on as text. */
export type TextJob = OfKind<'markets' | 'forward'>;

/** The series a job is about. */
export function seriesOfJob({ market, timeframe }: CandleJob): Series {
  return { market, timeframe: Timeframe.parse(timeframe) };
}

/** Equal needs have equal ids: while one is under way, a second becomes the same job. */
export function fetchId(job: FetchJob): string {
  switch (job.kind) {
    case 'head':
      return `${seriesName(seriesOfJob(job))}:head`;
    case 'page':
    case 'fold':
      return `${seriesName(seriesOfJob(job))}:${job.kind}:${job.untilMs}`;
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

function isOpen({ timeframe, untilMs }: { timeframe: string; untilMs: number }): boolean {
  return Timeframe.find(timeframe)?.floor(untilMs) === untilMs;
}
