import { createHash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Reply } from './reply';

/** Shorter bodies are sent as they are, whatever the caller accepts. */
const GZIP_FROM_BYTES = 200;
const compress = promisify(gzip);

const CACHING_HEADERS = {
  'Cache-Control': 'no-cache, no-store, max-age=0, must-revalidate',
  Pragma: 'no-cache',
  Expires: '0',
  Vary: 'origin,access-control-request-method,access-control-request-headers,accept-encoding',
};

/** A reply and what its headers say besides. */
export interface Answer {
  readonly reply: Reply;
  /** The exchange's time, epoch ms, for `Date`. */
  readonly nowMs: number;
  /** The text of `Remaining-Req`; undefined for a path without a route, which falls under no limit. */
  readonly remaining: string | undefined;
}

/** An answer as it goes over the wire. Without a `Content-Length` it goes out in chunks. */
export interface Message {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly payload: Buffer;
}

/** Gives an answer the exchange's headers; compressed bodies go out chunked, others with their length. */
export async function messageOf(request: IncomingMessage, answer: Answer): Promise<Message> {
  const { status } = answer.reply;
  const body = Buffer.from(answer.reply.body);
  const headers = headersOf(answer, body);
  if (body.length < GZIP_FROM_BYTES || !acceptsGzip(request)) {
    return { status, headers: { ...headers, 'Content-Length': body.length }, payload: body };
  }
  const payload = await compress(body);
  return { status, headers: { ...headers, 'Content-Encoding': 'gzip' }, payload };
}

/** The same message without one of its headers. */
export function withoutHeader(message: Message, name: string): Message {
  const kept = Object.entries(message.headers).filter(([known]) => known !== name);
  return { ...message, headers: Object.fromEntries(kept) };
}

/** The ETag of a successful body, compressed or not: weak, `0` and the MD5 of the plain bytes. */
export function etagOf(body: Buffer): string {
  return `W/"0${createHash('md5').update(body).digest('hex')}"`;
}

function headersOf({ reply, nowMs, remaining }: Answer, body: Buffer): OutgoingHttpHeaders {
  return {
    Date: new Date(nowMs).toUTCString(),
    'Content-Type': reply.contentType,
    ...(remaining === undefined ? {} : { 'Remaining-Req': remaining, 'Limit-By-Ip': 'Yes' }),
    ...(remaining === undefined ? {} : CACHING_HEADERS),
    ...(reply.status === 200 ? { ETag: etagOf(body) } : {}),
    ...reply.headers,
  };
}

/** A named coding with `q=0` is a refusal of it. */
function acceptsGzip(request: IncomingMessage): boolean {
  const accepted = [request.headers['accept-encoding'] ?? ''].flat().join(',');
  return accepted
    .split(',')
    .some((coding) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(coding));
}
