import { CandlekeepError } from '@candlekeep/market';

/**
 * After how many whole seconds, at least 1, asking again can better an answer of this status: 503 and 504, but not where the caller
 * forbade to ask anybody (`NOT_CACHED`).
 */
export function retryAfterSeconds(status: number, error: unknown): number | undefined {
  if (status !== 503 && status !== 504) return undefined;
  if (!(error instanceof CandlekeepError)) return 1;
  if (error.code === 'NOT_CACHED') return undefined;
  return Math.max(1, Math.ceil((error.retryAfterMs ?? 0) / 1_000));
}
