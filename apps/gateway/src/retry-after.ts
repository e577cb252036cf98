import { CandlekeepError } from '@candlekeep/market';
import type { FastifyReply } from 'fastify';

/**
 * Puts `Retry-After` (whole seconds, at least 1: RFC 9110, 10.2.3) on an answer that asking again can better: 503 and 504, but not
 * where the caller forbade to ask anybody (`NOT_CACHED`).
 */
export function setRetryAfter(reply: FastifyReply, status: number, error: unknown): void {
  const isOfUse = (status === 503 || status === 504) && !isNotCached(error);
  if (isOfUse) void reply.header('Retry-After', String(seconds(error)));
}

function isNotCached(error: unknown): boolean {
  return error instanceof CandlekeepError && error.code === 'NOT_CACHED';
}

function seconds(error: unknown): number {
  const knownMs = error instanceof CandlekeepError ? error.retryAfterMs : undefined;
  return Math.max(1, Math.ceil((knownMs ?? 0) / 1_000));
}
