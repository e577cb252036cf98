import { keys } from '@candlekeep/redis';
import { ScriptRig } from '../support/script-rig';
import { candleKinds } from '../support/poison/candle-kinds';
import { limitKinds } from '../support/poison/limit-kinds';
import { PoisonHouse } from '../support/poison/poison-house';
import type { PoisonKind } from '../support/poison/poison-kind';
import { type Poison, poisonsFor } from '../support/poison/poisons';
import { queueServerKinds } from '../support/poison/queue-server-kinds';

/** Names of `keys` that stand for no key of one type: patterns, prefixes, and channels, which hold nothing. */
const NO_KEYS = [
  ...['seriesPattern', 'findSeries', 'queuePrefix', 'windowChanges'],
  ...['feedHeads', 'feedFrames', 'hurryChannel', 'readyChannel'],
];
/** Those of poison-queues.spec.ts. */
const OF_QUEUES = ['fetchWant'];

const DAY_MS = 24 * 3_600_000;

describe('whatever stands under a key', () => {
  let house: PoisonHouse;
  let kinds: readonly PoisonKind[] = [];

  beforeAll(async () => {
    house = await PoisonHouse.start();
    kinds = [...candleKinds(house), ...limitKinds(house), ...queueServerKinds(house)];
  });
  afterAll(async () => {
    await house.close();
  });

  it('is poisoned here, whichever key it is', () => {
    const named = new Set([...kinds.map(({ name }) => name), ...NO_KEYS, ...OF_QUEUES]);
    expect([...named].toSorted()).toEqual(Object.keys(keys).toSorted());
  });

  it.each(Object.keys(keys).filter((name) => ![...NO_KEYS, ...OF_QUEUES].includes(name)))(
    'is refused, told and healed: %s',
    async (name) => {
      const flaws: string[] = [];
      for (const kind of kinds.filter((one) => one.name === name)) {
        const expected = await begin(kind);
        for (const poison of await poisonsFor(house.redis, kind)) {
          const flaw = await flawOf(kind, poison, expected);
          if (flaw === undefined) continue;
          flaws.push(`${kind.key()}, ${poison.name}: ${flaw}`);
          await begin(kind);
        }
      }
      expect(flaws).toEqual([]);
    },
  );

  it('does not keep the limiter’s server busy for ever, nor the calls waiting', async () => {
    const rig = new ScriptRig(house.redis, { egressId: 'room', group: 'candles' });
    await rig.settle();
    const place = (part: string): string => keys.limit('room', 'candles', part);
    const strangers = Array.from({ length: 30 }, (_, index) => `stranger ${index}`);
    await house.redis.zadd(place('waiting'), ...strangers.flatMap((one) => ['-1e300', one]));
    await house.redis.zadd(place('patience'), ...strangers.flatMap((one) => ['1e300', one]));
    await house.redis.hset(place('state'), 'passed', '25');
    const blocked = { reason: 'banned', untilMs: '9999999999999', bans: '1', bannedMs: '1' };
    await house.redis.hset(keys.limitCircuit('room'), blocked);
    const outcome = await rig.ask();
    expect(outcome).toMatchObject({ kind: 'waiting', reason: 'banned' });
    await rig.pass(DAY_MS + 10_000);
    await rig.granted(rig.newToken());
  });

  /** Resolves to what comes of the work while nothing is poisoned. */
  async function begin(kind: PoisonKind): Promise<unknown> {
    await house.redis.flushdb();
    await kind.act();
    return await kind.act();
  }

  async function flawOf(
    kind: PoisonKind,
    poison: Poison,
    expected: unknown,
  ): Promise<string | undefined> {
    const key = kind.key();
    const [type, told, counted] = [
      await house.redis.type(key),
      house.linesOf(key),
      house.poisonedCount,
    ];
    await poison.apply(house.redis, key);
    for (const turn of ['first', 'second']) {
      const outcome = await kind.act().catch((error: unknown) => `refused: ${String(error)}`);
      if (JSON.stringify(outcome) !== JSON.stringify(expected)) {
        return `the ${turn} turn came to ${JSON.stringify(outcome)}`;
      }
    }
    const now = await house.redis.type(kind.key());
    if (![type, kind.type, 'none'].includes(now)) return `a ${now} stands there still`;
    const isSilent = poison.name === 'deleted' || kind.silent?.test(poison.name) === true;
    if (isSilent) return undefined;
    const isQuiet = kind.quiet?.test(poison.name) === true;
    if (house.linesOf(key) === told && !isQuiet) return 'nobody was told';
    return house.poisonedCount > counted ? undefined : 'it was not counted';
  }
});
