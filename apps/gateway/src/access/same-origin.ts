import type { FastifyRequest } from 'fastify';

type Asked = Pick<FastifyRequest, 'headers'>;

/** Whether a browser says that one of our own pages asks. Who says nothing of it has not proved it. */
export function isFromOwnPage({ headers }: Asked): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  // The host alone: where TLS ends before us, the scheme that we know is not the browser's.
  const isOwnOrigin = origin !== undefined && hostOf(origin) === host;
  if (site !== undefined) return site === 'same-origin' && (origin === undefined || isOwnOrigin);
  return isOwnOrigin;
}

/** Whether a browser says that a page of somebody else asks, one that is not among `origins`. */
export function isFromStrangersPage(request: Asked, origins: readonly string[]): boolean {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'none' || site === 'same-origin') return false;
  return origin === undefined || !(origins.includes(origin) || origins.includes('*'));
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
