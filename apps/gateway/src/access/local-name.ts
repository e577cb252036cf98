import { isIP } from 'node:net';
import { isLoopback } from '@candlekeep/lifecycle';

/** Names that no public name server gives away (RFC 6762, and what ICANN keeps for private networks), and those without a dot. */
const PRIVATE_NAME = /^(?:[a-z\d_-]+|.+\.(?:local|internal))$/i;

/** Whether a `Host` header is one that only those write who are on this machine: a loopback address, or `localhost`. */
export function isOfThisMachine(hostHeader = ''): boolean {
  return isLoopback(nameIn(hostHeader));
}

/**
 * Whether a `Host` header is one that no stranger can have pointed here: an address, `localhost`, or the name of a private network. Any
 * other may be a web page's own, so that its browser takes us for that page's server (DNS rebinding).
 */
export function isUnclaimable(hostHeader = ''): boolean {
  const name = nameIn(hostHeader);
  return isIP(name) !== 0 || isLoopback(name) || PRIVATE_NAME.test(name);
}

function nameIn(hostHeader: string): string {
  return hostHeader.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
}
