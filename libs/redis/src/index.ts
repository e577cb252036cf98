export {
  type ChannelAudience,
  ChannelListener,
  type ChannelListenerParts,
} from './channel-listener';
export { keys } from './keys';
export { LuaScript } from './lua-script';
export {
  forgetPoison,
  isPoisonedReply,
  notePoison,
  onPoison,
  type PoisonedValue,
  readOwnText,
  watchPoison,
} from './poisoned-value';
export {
  openRedis,
  type RedisConnection,
  type RedisConnectionOptions,
  type RedisRole,
} from './redis-connection';
export { RedisConnections } from './redis-connections';
export { ServerClock } from './server-clock';
export { findSnapshotRule, QUEUE_POLICY, readServerFacts, type ServerFacts } from './server-facts';
export { serverTimeMs } from './server-time';
export { StrangeMessages, type StrangeMessagesParts } from './strange-messages';
