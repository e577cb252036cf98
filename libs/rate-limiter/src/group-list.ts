import { forgetPoison, keys, onPoison, type RedisConnection } from '@candlekeep/redis';

/** A limit group of one egress. */
export interface ListedGroup {
  readonly egressId: string;
  readonly group: string;
}

/** As long as an idle group's keys live. */
const FORGOTTEN_MS = 24 * 3_600_000;

/** Which groups there are to look at: every taker lists its own again and again, so the list may vanish at any moment. */
export class GroupList {
  constructor(private readonly redis: RedisConnection) {}

  /** Takes a group down as used at `nowMs` of the server, and takes off what is long unused, or was used in a time to come. */
  async add({ egressId, group }: ListedGroup, nowMs: number): Promise<void> {
    const { redis } = this;
    const put = async (): Promise<number> =>
      await redis.zadd(keys.limitGroups, nowMs, `${egressId} ${group}`);
    if ((await onPoison(redis, [keys.limitGroups], put)) === undefined) await put();
    await redis.zremrangebyscore(keys.limitGroups, '-inf', nowMs - FORGOTTEN_MS);
    await redis.zremrangebyscore(keys.limitGroups, nowMs + FORGOTTEN_MS, '+inf');
  }

  /** In the order of their names. A list that holds anything else is taken away; those that could be read are answered. */
  async read(): Promise<readonly ListedGroup[]> {
    const { redis } = this;
    const read = (): Promise<string[]> => redis.zrangebyscore(keys.limitGroups, '-inf', '+inf');
    const names = (await onPoison(redis, [keys.limitGroups], read)) ?? [];
    const groups = names.toSorted().flatMap((name) => groupOf(name) ?? []);
    if (groups.length < names.length) {
      const error = new TypeError(
        'the list of limit groups names what is none: "<egress> <group>"',
      );
      await forgetPoison(redis, { keys: [keys.limitGroups], error });
    }
    return groups;
  }
}

function groupOf(name: string): ListedGroup | undefined {
  const [, egressId, group] = /^(\S+) (\S+)$/.exec(name) ?? [];
  return egressId === undefined || group === undefined ? undefined : { egressId, group };
}
