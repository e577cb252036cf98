import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** What proxies write into what they pass on, beside everything that begins with `x-forwarded-`. */
const OF_PROXIES: ReadonlySet<string> = new Set([
  ...['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip'],
]);

/**
 * Whether a request tells that a proxy passes it on: by a header that only proxies write, or as HTTP/1.0, which nginx speaks to those
 * behind it unless it is told otherwise, and no client of today. One that shows neither may come through a proxy as well.
 */
export function isPassedOn({
  headers,
  httpVersion,
}: Pick<IncomingMessage, 'headers' | 'httpVersion'>): boolean {
  if (httpVersion === '1.0') return true;
  return Object.keys(headers).some(
    (name) => OF_PROXIES.has(name) || name.startsWith('x-forwarded-'),
  );
}

/** Whether the first of the proxies says that it was asked over TLS (`X-Forwarded-Proto`, or `Forwarded` of RFC 7239). */
export function cameOverTls(headers: IncomingHttpHeaders): boolean {
  const proto = firstOf(headers['x-forwarded-proto']);
  if (proto !== '') return proto === 'https';
  return /(?:^|;)\s*proto="?https"?\s*(?:;|$)/.test(firstOf(headers.forwarded));
}

/** The first of a list in a header, in small letters: each further proxy adds its own behind it. */
function firstOf(header: string | readonly string[] | undefined): string {
  const [first = ''] = String(header ?? '').split(',');
  return first.trim().toLowerCase();
}
