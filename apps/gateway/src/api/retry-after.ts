import type { FastifyReply } from 'fastify';
import { retryAfterSeconds } from './retry-after-seconds';

/** Puts `Retry-After` (RFC 9110, 10.2.3) on an answer that asking again can better. */
export function setRetryAfter(reply: FastifyReply, status: number, error: unknown): void {
  const seconds = retryAfterSeconds(status, error);
  if (seconds !== undefined) void reply.header('Retry-After', String(seconds));
}
