import type { IncomingMessage, Server } from 'node:http';

const ORIGIN = /^https?:\/\/[^/?#]*/i;
/** Escapes of letters, digits, `-`, `.`, `_` and `~`: they mean the same as the character (RFC 3986, 6.2.2.2). */
const NEEDLESS_ESCAPES = /%(?:2[DE]|3\d|[46][1-9A-F]|[57][\dA]|5F|7E)/gi;

/** Gives every request's URL one spelling before anybody reads it, so that whatever is judged by its beginning is judged rightly. */
export function readCanonicalUrls(server: Server): void {
  server.prependListener('request', rewrite);
}

/** The same for upgrades. For a server that takes them alone: Node.js hands over the socket of every one as soon as anybody listens. */
export function readCanonicalUpgrades(server: Server): void {
  server.prependListener('upgrade', rewrite);
}

function rewrite(request: IncomingMessage): void {
  request.url = canonicalUrl(request.url ?? '/');
}

/** Without the origin that a request to a proxy names (RFC 9112, 3.2.2), and without escapes in the path that need none. */
export function canonicalUrl(url: string): string {
  const target = url.startsWith('/') ? url : rooted(url.replace(ORIGIN, ''));
  const end = target.search(/[?#]/);
  const path = end < 0 ? target : target.slice(0, end);
  if (!path.includes('%')) return target;
  return path.replace(NEEDLESS_ESCAPES, decodeURIComponent) + target.slice(path.length);
}

/** `*` is no path, and stays. */
function rooted(target: string): string {
  return target === '' || /^[?#]/.test(target) ? `/${target}` : target;
}
