import type { FastifyReply } from 'fastify';

/** A body in the exchange's bytes, and what our own headers say about it. */
export interface UpbitAnswer {
  readonly body: string;
  /** Parameters of `Cache-Status` (RFC 9211) behind our name. */
  readonly cacheStatus: string;
  readonly ageMs: number;
}

/** Sends a 200 with the exchange's headers and ours. */
export function sendUpbitJson(
  reply: FastifyReply,
  { body, cacheStatus, ageMs }: UpbitAnswer,
): void {
  void reply
    .status(200)
    .header('Content-Type', 'application/json;charset=UTF-8')
    .header('Cache-Control', 'no-cache, no-store, max-age=0, must-revalidate')
    .header('Cache-Status', `candlekeep; ${cacheStatus}`)
    .header('Age', String(Math.floor(Math.max(0, ageMs) / 1_000)))
    .send(body);
}
