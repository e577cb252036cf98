import { keys, type RedisConnection } from '@candlekeep/redis';
import type { EgressBudget } from './budget';
import { GroupScripts } from './group-scripts';

/** The budgets of every egress and group that was used in the last two days, by name. Rejects with ioredis' error. */
export async function readBudgets(redis: RedisConnection): Promise<readonly EgressBudget[]> {
  const names = await redis.zrangebyscore(keys.limitGroups, '-inf', '+inf');
  const read = await Promise.all(names.toSorted().map(async (name) => await readOne(redis, name)));
  const egresses = [...new Set(read.map(({ egressId }) => egressId))];
  return egresses.flatMap((egressId) => {
    const own = read.filter((one) => one.egressId === egressId);
    const groups = own.map(({ group }) => group);
    return own.slice(0, 1).map(({ egress }) => ({ egressId, ...egress, groups }));
  });
}

async function readOne(redis: RedisConnection, name: string) {
  const [egressId = '', group = ''] = name.split(' ');
  const reading = await new GroupScripts(redis, { egressId, group }).read();
  return { egressId, egress: reading.egress, group: { group, ...reading.group } };
}
