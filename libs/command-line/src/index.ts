export { CommandRefused } from './command-refused';
export { type Flag, type Flags, readFlags } from './read-flags';
export { adviseKey, readGatewayKey } from './gateway-key';
export { readGatewayUrl } from './gateway-url';
