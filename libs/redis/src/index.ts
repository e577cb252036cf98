export {
  type ChannelAudience,
  ChannelListener,
  type ChannelListenerParts,
} from './channel-listener';
export { keys } from './keys';
export { LuaScript } from './lua-script';
export {
  openRedis,
  type RedisConnection,
  type RedisConnectionOptions,
  type RedisRole,
} from './redis-connection';
export { RedisConnections } from './redis-connections';
export { ServerClock } from './server-clock';
export { serverTimeMs } from './server-time';
