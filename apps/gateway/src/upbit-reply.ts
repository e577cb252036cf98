import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { type AnswerOrigin, cacheStatusOf } from './cache-status';

/** A body in the exchange's bytes, and what our own headers say about it. */
export interface UpbitAnswer extends AnswerOrigin {
  readonly status?: number;
  readonly body: string;
  /** When the exchange would have answered so, epoch ms, and how long ago that was. */
  readonly asOfMs: number;
  readonly ageMs: number;
}

/** Limit groups as the exchange names them in `Remaining-Req`, by path. */
const LIMIT_GROUPS: readonly (readonly [prefix: string, group: string])[] = [
  ['/v1/candles/', 'candles'],
  ['/v1/market/', 'market'],
  ['/v1/ticker', 'ticker'],
  ['/v1/trades/', 'crix-trades'],
  ['/v1/orderbook', 'orderbook'],
];

/** Headers that the exchange sends with every answer of a known path. Clients such as pyupbit refuse an answer without `Remaining-Req`. */
export function setUpbitHeaders(reply: FastifyReply): void {
  const group = LIMIT_GROUPS.find(([prefix]) => reply.request.url.startsWith(prefix))?.[1];
  if (group !== undefined) {
    void reply
      .header('Remaining-Req', `group=${group}; min=600; sec=9`)
      .header('Limit-By-Ip', 'Yes');
  }
  void reply
    .header('Content-Type', 'application/json;charset=UTF-8')
    .header('Cache-Control', 'no-cache, no-store, max-age=0, must-revalidate')
    .header('Pragma', 'no-cache')
    .header('Expires', '0');
}

/** Sends an answer with the exchange's headers and ours; 304 without body when the caller has it already (`If-None-Match`). */
export function sendUpbitAnswer(reply: FastifyReply, answer: UpbitAnswer): void {
  const { status = 200, body, asOfMs, ageMs } = answer;
  setUpbitHeaders(reply);
  void reply
    .header('Cache-Status', `candlekeep; ${cacheStatusOf(answer)}`)
    .header('X-Candlekeep-As-Of', String(asOfMs))
    .header('Age', String(Math.floor(Math.max(0, ageMs) / 1_000)));
  if (status !== 200) {
    void reply.status(status).send(body);
    return;
  }
  const entityTag = entityTagOf(body);
  void reply.header('ETag', entityTag);
  if (holds(reply.request.headers['if-none-match'], entityTag)) void reply.status(304).send();
  else void reply.status(200).send(body);
}

/** `W/"0` + MD5 of the body + `"`, as the exchange makes it. */
function entityTagOf(body: string): string {
  return `W/"0${createHash('md5').update(body).digest('hex')}"`;
}

/** Weak comparison (RFC 9110, 13.1.2) of a list of entity tags, or `*`. */
function holds(ifNoneMatch: string | undefined, entityTag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
  const tags = ifNoneMatch.split(',').map(opaque);
  return tags.includes('*') || tags.includes(opaque(entityTag));
}
