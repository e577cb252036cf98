export { CommandRefused } from './command-refused';
export { type Flag, type Flags, readFlags } from './read-flags';
export { readGatewayUrl } from './gateway-url';
