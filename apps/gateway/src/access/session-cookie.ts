import { SESSION_MS } from '@candlekeep/access';
import cookies from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import { cameOverTls } from './forwarding';

/** The prefix makes browsers refuse the cookie unless it came over TLS, for this host alone; so it is left out where there is no TLS. */
const SECURE_NAME = '__Host-candlekeep';
const PLAIN_NAME = 'candlekeep-session';

type Asked = Pick<FastifyRequest, 'headers' | 'protocol'>;

/** The session that a browser holds; undefined when it holds none. */
export function readSession({ headers: { cookie } }: Pick<FastifyRequest, 'headers'>) {
  if (cookie?.includes('candlekeep') !== true) return undefined;
  const { [SECURE_NAME]: secure, [PLAIN_NAME]: plain } = cookies.parse(cookie);
  return secure ?? plain;
}

/** `Set-Cookie` for a new session. */
export function sessionCookie(request: Asked, token: string): string {
  return cookieOf(request, token, SESSION_MS / 1_000);
}

/** `Set-Cookie` that has the browser forget its session. */
export function noSessionCookie(request: Asked): string {
  return cookieOf(request, '', 0);
}

function cookieOf(request: Asked, value: string, maxAge: number): string {
  const secure = isOverTls(request);
  const options = { httpOnly: true, sameSite: 'strict', path: '/', secure, maxAge } as const;
  return cookies.serialize(secure ? SECURE_NAME : PLAIN_NAME, value, options);
}

/** Mostly TLS ends before us. Whoever says so wrongly does it to its own cookie. */
function isOverTls({ headers, protocol }: Asked): boolean {
  return protocol === 'https' || cameOverTls(headers);
}
