import { keys, type RedisConnection } from '@candlekeep/redis';

/** Deletes all that limiters keep of one egress, which must be a test's own. */
export async function forgetBudgets(redis: RedisConnection, egressId: string): Promise<void> {
  const found = await redis.keys(keys.limit(egressId, '*', '*'));
  await redis.del(keys.limitCircuit(egressId), ...found);
  const members = await redis.zrange(keys.limitGroups, '0', '-1');
  const own = members.filter((member) => member.startsWith(`${egressId} `));
  if (own.length > 0) await redis.zrem(keys.limitGroups, ...own);
}
