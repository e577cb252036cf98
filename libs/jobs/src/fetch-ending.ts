import { CandlekeepError } from '@candlekeep/market';
import { z } from 'zod';

const MAX_CODE_LENGTH = 64;
const MAX_MESSAGE_LENGTH = 1_000;

/** The small message with which a worker says that a fetch has ended. */
const fetchEndingSchema = z.discriminatedUnion('kind', [
  z.object({ id: z.string(), kind: z.literal('done') }),
  z.object({
    id: z.string(),
    kind: z.literal('failed'),
    code: z.string().max(MAX_CODE_LENGTH),
    message: z.string().max(MAX_MESSAGE_LENGTH),
    retryable: z.boolean(),
    /** When asking again can help at the earliest, ms from now. */
    retryAfterMs: z.number().nonnegative().optional(),
  }),
]);

export type FetchEnding = z.infer<typeof fetchEndingSchema>;
export type FailedEnding = Extract<FetchEnding, { kind: 'failed' }>;

/** A fetch that ended without success, with the worker's own reason; `code` is that of the error over there. */
export class FetchFailed extends CandlekeepError {
  readonly code: string;
  readonly retryable: boolean;
  declare readonly retryAfterMs?: number;

  constructor({ code, message, retryable, retryAfterMs }: FailedEnding) {
    super(message);
    this.code = code;
    this.retryable = retryable;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/** The ending of a fetch that failed with `error`. A message of an unforeseen error stays in the worker's log. */
export function failedEnding(id: string, error: unknown): FailedEnding {
  if (error instanceof CandlekeepError) {
    const { code, retryable, retryAfterMs } = error;
    const message = error.message.slice(0, MAX_MESSAGE_LENGTH);
    return { id, kind: 'failed', code, message, retryable, retryAfterMs };
  }
  const message = `${id} could not be fetched; the worker's log says why`;
  return { id, kind: 'failed', code: 'FETCH_FAILED', message, retryable: true };
}

/** Reads a message; undefined when it is no ending of a fetch. */
export function parseEnding(text: string): FetchEnding | undefined {
  try {
    return fetchEndingSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
