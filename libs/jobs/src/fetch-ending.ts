import { CandlekeepError } from '@candlekeep/market';
import { z } from 'zod';

/** The small message with which a worker says that a fetch has ended. */
export const fetchEndingSchema = z.discriminatedUnion('kind', [
  z.object({ id: z.string(), kind: z.literal('done') }),
  z.object({
    id: z.string(),
    kind: z.literal('failed'),
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
  }),
]);

export type FetchEnding = z.infer<typeof fetchEndingSchema>;
type FailedEnding = Extract<FetchEnding, { kind: 'failed' }>;

/** A fetch that ended without success, with the worker's own reason; `code` is that of the error over there. */
export class FetchFailed extends CandlekeepError {
  readonly code: string;
  readonly retryable: boolean;

  constructor({ code, message, retryable }: FailedEnding) {
    super(message);
    this.code = code;
    this.retryable = retryable;
  }
}

/** The ending of a fetch that failed with `error`. A message of an unforeseen error stays in the worker's log. */
export function failedEnding(id: string, error: unknown): FailedEnding {
  if (error instanceof CandlekeepError) {
    const { code, message, retryable } = error;
    return { id, kind: 'failed', code, message, retryable };
  }
  const message = `${id} could not be fetched; the worker's log says why`;
  return { id, kind: 'failed', code: 'FETCH_FAILED', message, retryable: true };
}
