import type { RedisConnection } from '@candlekeep/redis';
import type { EgressBudget } from './budget';
import { GroupList, type ListedGroup } from './group-list';
import { GroupScripts } from './group-scripts';

/** The budgets of every egress and group that was used in the last two days, by name. Rejects with ioredis' error. */
export async function readBudgets(redis: RedisConnection): Promise<readonly EgressBudget[]> {
  const listed = await new GroupList(redis).read();
  const read = await Promise.all(listed.map(async (one) => await readOne(redis, one)));
  const egresses = [...new Set(read.map(({ egressId }) => egressId))];
  return egresses.flatMap((egressId) => {
    const own = read.filter((one) => one.egressId === egressId);
    const groups = own.map(({ group }) => group);
    return own.slice(0, 1).map(({ egress }) => ({ egressId, ...egress, groups }));
  });
}

async function readOne(redis: RedisConnection, { egressId, group }: ListedGroup) {
  const reading = await new GroupScripts(redis, { egressId, group }).read();
  return { egressId, egress: reading.egress, group: { group, ...reading.group } };
}
