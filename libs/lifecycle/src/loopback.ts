import { BlockList, isIP } from 'node:net';

const ofThisMachine = new BlockList();
ofThisMachine.addSubnet('127.0.0.0', 8);
ofThisMachine.addAddress('::1', 'ipv6');

/** Whether nobody but this machine can reach what listens at this address: 127.0.0.0/8, ::1 however it is written, or localhost. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  const [address = ''] = name.split('%');
  const family = isIP(address);
  // An IPv4 address within an IPv6 one (::ffff:127.0.0.1) is looked up as what it is.
  return family !== 0 && ofThisMachine.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
