import { isIP } from 'node:net';

/** Whether nobody but this machine can reach what listens at this address. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

/**
 * Whether a `Host` header is one that only people on this machine or beside it write: an address, or `localhost`. Any other name may be
 * a web page's own, pointed at this machine so that its browser takes us for that page's server (DNS rebinding).
 */
export function isLocalName(hostHeader = ''): boolean {
  const host = hostHeader.replace(/:\d*$/, '');
  const name = host.replace(/^\[(.*)\]$/, '$1');
  return isIP(name) !== 0 || isLoopback(name);
}
