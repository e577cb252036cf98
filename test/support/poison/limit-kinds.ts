import { readBudgets } from '@candlekeep/rate-limiter';
import { keys } from '@candlekeep/redis';
import { ScriptRig } from '../script-rig';
import type { PoisonHouse } from './poison-house';
import type { PoisonKind } from './poison-kind';

const LIMIT = 10;
const WINDOW_MS = 1_000;
const PARTS = ['slots', 'sent', 'waiting', 'patience'] as const;
const GATE = ['untilMs', 'reason', 'strikes', 'openedMs', 'probe', 'probeUntilMs'];
const STATE = ['slots', 'slotsSinceMs', 'pauseUntilMs', 'failures', 'passed', 'spacedMs'];
const CIRCUIT = ['bans', 'bannedMs', 'rampSinceMs'];

/** Of a gate that is closed; what each taker writes anew; who kept it, which reads as lost. */
const UNREAD =
  /^(?:server|probe|reason|openedMs|strikes|failures|limit|windowMs|restMs|lateMs|per|ban)|: deleted$/;

/** A limiter in virtual time, all of whose calls are remembered: none may come too soon, whatever becomes of its keys. */
export function limitKinds({ redis }: PoisonHouse): readonly PoisonKind[] {
  const egressId = 'here';
  const rig = new ScriptRig(redis, { egressId, group: 'candles' });
  const sentMs: number[] = [];
  const call = async () => {
    const token = rig.newToken();
    await rig.granted(token);
    sentMs.push(rig.nowMs);
    await rig.group().release(token, { kind: 'answered' }, 0);
  };
  const act = async () => {
    await rig.pass(0);
    for (let left = LIMIT + 2; left > 0; left -= 1) await call();
    await rig.group().wake();
    const budgets = await readBudgets(rig.connection);
    const named = budgets.map((one) => [one.egressId, ...one.groups.map(({ group }) => group)]);
    return { named, tooMany: tooManyOf(sentMs.splice(0, sentMs.length - LIMIT)) };
  };
  return [
    ...PARTS.map((part) => ({
      ...{ name: 'limit', act, key: () => keys.limit(egressId, 'candles', part) },
      ...{ type: 'zset', silent: /^(?:members|scores)/ },
    })),
    {
      ...{ name: 'limit', act, key: () => keys.limit(egressId, 'candles', 'state') },
      ...{ fields: [...GATE, ...STATE], silent: UNREAD },
    },
    {
      ...{ name: 'limitCircuit', act, key: () => keys.limitCircuit(egressId) },
      ...{ fields: [...GATE, ...CIRCUIT], silent: UNREAD },
    },
    { name: 'limitGroups', act, key: () => keys.limitGroups, silent: /^(?:members|scores)/ },
  ];

  function tooManyOf(before: readonly number[]): number {
    const all = [...before, ...sentMs];
    return all.filter((atMs, index) => atMs - (all[index - LIMIT] ?? -Infinity) < WINDOW_MS).length;
  }
}
