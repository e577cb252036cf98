import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { tellAnswer } from './metrics/told-answer';
import { type AnswerOrigin, cacheStatusOf } from './cache-status';

/** A body in the exchange's bytes, and what our own headers say about it. */
export interface UpbitAnswer extends AnswerOrigin {
  readonly status?: number;
  readonly body: string | Buffer;
  /** Of the body; made from it when not given. */
  readonly entityTag?: string;
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
const BODY_HEADERS = {
  'content-type': 'application/json;charset=UTF-8',
  'cache-control': 'no-cache, no-store, max-age=0, must-revalidate',
  pragma: 'no-cache',
  expires: '0',
};
const GROUP_HEADERS = LIMIT_GROUPS.map(([prefix, group]) => ({
  prefix,
  headers: {
    'remaining-req': `group=${group}; min=600; sec=9`,
    'limit-by-ip': 'Yes',
    ...BODY_HEADERS,
  },
}));

/** Headers that the exchange sends with every answer of a known path. Clients such as pyupbit refuse an answer without `Remaining-Req`. */
export function setUpbitHeaders(reply: FastifyReply): void {
  const { url } = reply.request;
  const group = GROUP_HEADERS.find(({ prefix }) => url.startsWith(prefix));
  void reply.headers(group?.headers ?? BODY_HEADERS);
}

/** Sends an answer with the exchange's headers and ours; 304 without body when the caller has it already (`If-None-Match`). */
export function sendUpbitAnswer(reply: FastifyReply, answer: UpbitAnswer): void {
  const { status = 200, body, asOfMs, ageMs } = answer;
  setUpbitHeaders(reply);
  tellAnswer(reply, answer);
  void reply.headers({
    'cache-status': `candlekeep; ${cacheStatusOf(answer)}`,
    'x-candlekeep-as-of': String(asOfMs),
    age: String(Math.floor(Math.max(0, ageMs) / 1_000)),
  });
  if (status !== 200) {
    void reply.status(status).send(body);
    return;
  }
  const entityTag = answer.entityTag ?? entityTagOf(body);
  void reply.header('etag', entityTag);
  if (holds(reply.request.headers['if-none-match'], entityTag)) void reply.status(304).send();
  else void reply.status(200).send(body);
}

/** `W/"0` + MD5 of the body + `"`, as the exchange makes it. */
export function entityTagOf(body: string | Buffer): string {
  return `W/"0${createHash('md5').update(body).digest('hex')}"`;
}

/** Weak comparison (RFC 9110, 13.1.2) of a list of entity tags, or `*`. */
export function holds(ifNoneMatch: string | undefined, entityTag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
  const tags = ifNoneMatch.split(',').map(opaque);
  return tags.includes('*') || tags.includes(opaque(entityTag));
}
