import type { RedisConnection } from '@candlekeep/redis';
import type { Poisoned } from './poison-kind';

type Transaction = ReturnType<RedisConnection['multi']>;

/** A way to spoil the value of a key. */
export interface Poison {
  readonly name: string;
  readonly apply: (redis: RedisConnection, key: string) => Promise<unknown>;
}

const GARBAGE = 'from another program';
const YEAR_9999_MS = 253_402_300_800_000;
const TEXTS: Readonly<Record<string, string>> = {
  ...{ garbage: GARBAGE, empty: '', nan: 'nan', negative: '-1000000', endless: '1e300' },
  ...{ infinite: 'inf', 'in the year 9999': String(YEAR_9999_MS) },
};
const SCORES: Readonly<Record<string, string>> = {
  ...{ negative: '-5', 'very negative': '-1e300', zero: '0', endless: '1e300' },
  ...{ infinite: '+inf', 'in the year 9999': String(YEAR_9999_MS) },
};
const MEMBERS = 20;

/** Everything that is done to a value of this type, from the least to the most like one of ours. */
export async function poisonsFor(
  redis: RedisConnection,
  { key: keyOf, fields = [], type: own = 'none', except }: Poisoned,
): Promise<readonly Poison[]> {
  const key = keyOf();
  const found = await redis.type(key);
  const type = found === 'none' ? own : found;
  const poisons = [...otherTypes(type), ...(await ofType(redis, key, type, fields)), gone];
  return poisons.filter(({ name }) => except?.test(name) !== true);
}

const gone: Poison = { name: 'deleted', apply: (redis, key) => redis.del(key) };

function otherTypes(type: string): readonly Poison[] {
  const others: Readonly<Record<string, (at: Transaction, key: string) => Transaction>> = {
    string: (at, key) => at.set(key, GARBAGE),
    hash: (at, key) => at.hset(key, 'a', 'b'),
    zset: (at, key) => at.zadd(key, 1, 'a'),
    stream: (at, key) => at.xadd(key, '*', 'a', 'b'),
  };
  return Object.entries(others)
    .filter(([name]) => name !== type)
    .map(([name, write]) => ({
      name: `a ${name} in place of a ${type}`,
      // In one step: whoever owns the key may write it at any moment.
      apply: (redis, key) => write(redis.multi().del(key), key).exec(),
    }));
}

async function ofType(
  redis: RedisConnection,
  key: string,
  type: string,
  more: readonly string[],
): Promise<readonly Poison[]> {
  switch (type) {
    case 'hash':
      return fieldPoisons([...new Set([...(await redis.hkeys(key)), ...more])]);
    case 'zset':
      return memberPoisons();
    case 'stream':
      return entryPoisons();
    case 'string':
      return textPoisons();
    case 'list':
      return [{ name: 'members: a name of no job', apply: (at, name) => at.lpush(name, GARBAGE) }];
    case 'set':
      return [{ name: 'members: a name of no job', apply: (at, name) => at.sadd(name, GARBAGE) }];
    default:
      return [];
  }
}

function textPoisons(): readonly Poison[] {
  return Object.entries({ ...TEXTS, JSON: '{"status":"200"}' }).map(([name, text]) => ({
    name: `a string that is ${name}`,
    apply: (redis, key) => redis.set(key, text),
  }));
}

function fieldPoisons(fields: readonly string[]): readonly Poison[] {
  return fields.flatMap((field) => [
    ...Object.entries(TEXTS).map(([name, text]) => ({
      name: `${field}: ${name}`,
      apply: (redis: RedisConnection, key: string) => redis.hset(key, field, text),
    })),
    {
      name: `${field}: deleted`,
      apply: (redis: RedisConnection, key: string) => redis.hdel(key, field),
    },
  ]);
}

function memberPoisons(): readonly Poison[] {
  return Object.entries(SCORES).flatMap(([name, score]) => [
    {
      name: `members: ${name}`,
      apply: async (redis: RedisConnection, key: string) => {
        const members = Array.from({ length: MEMBERS }, (_, index) => `${GARBAGE} ${index}`);
        await redis.zadd(key, ...members.flatMap((member) => [score, member]));
      },
    },
    {
      name: `scores: ${name}`,
      apply: async (redis: RedisConnection, key: string) => {
        const members = await redis.zrange(key, 0, '-1');
        if (members.length > 0) await redis.zadd(key, ...members.flatMap((one) => [score, one]));
      },
    },
  ]);
}

function entryPoisons(): readonly Poison[] {
  const lastOfAll = '18446744073709551615-18446744073709551615';
  return [
    { name: 'entry: garbage', apply: (redis, key) => redis.xadd(key, '*', 'a', 'b') },
    ...Object.entries(TEXTS).map(([name, text]) => ({
      name: `entry: at ${name}`,
      apply: (redis: RedisConnection, key: string) => addLike(redis, key, text),
    })),
    { name: 'id: the last of all', apply: (redis, key) => redis.xadd(key, lastOfAll, 'a', 'b') },
    {
      name: 'id: in the year 9999',
      apply: (redis, key) => redis.xadd(key, `${YEAR_9999_MS}-1`, 'a', 'b'),
    },
  ];
}

/** The newest entry once more, by another writer and at another time. */
async function addLike(redis: RedisConnection, key: string, at: string): Promise<unknown> {
  const [newest] = await redis.xrevrange(key, '+', '-', 'COUNT', 1);
  const fields = [...(newest?.[1] ?? []), 'by', GARBAGE, 'at', at];
  return await redis.xadd(key, '*', ...fields);
}
