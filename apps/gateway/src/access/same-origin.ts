import type { FastifyRequest } from 'fastify';

type Asked = Pick<FastifyRequest, 'headers'>;

/** Whether a browser says that one of our own pages asks. Who says nothing of it has not proved it. */
export function isFromOwnPage(request: Asked): boolean {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site === undefined) return isOwnOrigin(request);
  return site === 'same-origin' && (origin === undefined || isOwnOrigin(request));
}

/** Whether a browser says that a page of somebody else asks. Old ones, and all over plain HTTP, say it by `Origin` alone. */
export function isFromStrangersPage(request: Asked): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'none' && site !== 'same-origin';
  return request.headers.origin !== undefined && !isOwnOrigin(request);
}

/** By the host alone: where TLS ends before us, the scheme that we know is not the browser's. */
function isOwnOrigin({ headers: { origin = '', host } }: Asked): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}
