import { createHash } from 'node:crypto';
import {
  InvalidValue,
  type Series,
  isMarketCode,
  LANES,
  seriesName,
  Timeframe,
} from '@candlekeep/market';
import { z } from 'zod';

/** BullMQ queues that carry fetches, one for each thing that a running fetch waits for. A crowd in one delays none in another. */
export const FETCH_QUEUES = ['candles', 'folds', 'texts'] as const;

export type FetchQueueName = (typeof FETCH_QUEUES)[number];

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
  /** The 200 slots that end at `untilMs`; `afresh`: even if they are known, because what is known of them is in doubt. */
  z
    .object({
      kind: z.literal('page'),
      ...seriesFields,
      untilMs: epochMs,
      afresh: z.literal(true).optional(),
    })
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

/** A fetch as it stands in the queue: with whom it was first wanted by, so that it needs no record of that. */
export const queuedFetchSchema = z.object({
  job: fetchJobSchema,
  lane: z.enum(LANES),
  /** Epoch ms of the queue server. */
  untilMs: epochMs,
  /** Of the request that was the first to want it; none for what nobody asked for. */
  requestId: z.string().max(64).optional(),
});

export type QueuedFetch = z.infer<typeof queuedFetchSchema>;
type OfKind<K extends FetchJob['kind']> = Extract<FetchJob, { kind: K }>;
export type HeadJob = OfKind<'head'>;
export type PageJob = OfKind<'page'>;
export type FoldJob = OfKind<'fold'>;
/** A job about one series. */
export type CandleJob = HeadJob | PageJob | FoldJob;
/** A job for an answer that is passed on as text. */
export type TextJob = OfKind<'markets' | 'forward'>;

/** Throws {@link InvalidValue} for a job that no worker would take: too long, or not of the trade. */
export function checkFetchJob(job: FetchJob): FetchJob {
  const parsed = fetchJobSchema.safeParse(job);
  if (parsed.success) return parsed.data;
  throw new InvalidValue(`a ${job.kind} cannot be asked for: ${z.prettifyError(parsed.error)}`);
}

/** The series a job is about. */
export function seriesOfJob({ market, timeframe }: CandleJob): Series {
  return { market, timeframe: Timeframe.parse(timeframe) };
}

/** Equal needs have equal ids: while one is under way, a second becomes the same job. */
export function fetchId(job: FetchJob): string {
  switch (job.kind) {
    case 'head':
      return `${seriesName(seriesOfJob(job))}:head`;
    case 'page': {
      const name = `${seriesName(seriesOfJob(job))}:page:${job.untilMs}`;
      return job.afresh === true ? `${name}:afresh` : name;
    }
    case 'fold':
      return `${seriesName(seriesOfJob(job))}:fold:${job.untilMs}`;
    case 'markets':
    case 'forward':
      return textAnswerName(job);
  }
}

/** Candles wait for permits of their limit group, texts for those of other groups, folds for none. */
export function queueOf(kind: FetchJob['kind']): FetchQueueName {
  switch (kind) {
    case 'head':
    case 'page':
      return 'candles';
    case 'fold':
      return 'folds';
    case 'markets':
    case 'forward':
      return 'texts';
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
