/** An address for people: without user, password and options. */
export function addressText(url: string): string {
  if (!URL.canParse(url)) return 'an address that cannot be read';
  const { protocol, host, pathname, hash } = new URL(url);
  // A password that should have been percent-encoded, cut in two: what looks like a host is its beginning.
  if (`${pathname}${hash}`.includes('@')) return 'an address that cannot be read';
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
