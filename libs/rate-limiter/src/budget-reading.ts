import { z } from 'zod';
import type { CircuitState, EgressBudget, GroupBudget, Reduction } from './budget';
import { milliseconds } from './outcome';

/** What `read-budget.lua` says of a group and its egress. */
export interface BudgetReading {
  readonly group: Omit<GroupBudget, 'group'>;
  readonly egress: Pick<EgressBudget, 'nowMs' | 'circuit' | 'bans'>;
}

type Fields = ReadonlyMap<string, string>;

/** A hash as a script replies it: name, value, name, value, … */
const hash = z.array(z.string()).transform((flat): Fields => {
  const fields = new Map<string, string>();
  for (let index = 0; index + 1 < flat.length; index += 2) {
    fields.set(flat[index] ?? '', flat[index + 1] ?? '');
  }
  return fields;
});
const count = z.int().nonnegative();
const counts = [count, count, count, count, count, count, count, count] as const;
const reading = z.tuple([hash, hash, milliseconds, ...counts, z.array(count), count, count]);

/** Reads the reply of `read-budget.lua`; throws when it has another shape. */
export function parseBudgetReading(reply: unknown): BudgetReading {
  const [state, circuit, nowMs, allowed, inFlight, resting, held, foreign, ...used] =
    reading.parse(reply);
  const [usedInSecond, usedInMinute, usedInHour, waiting, stepMs, rampMs] = used;
  const limit = figure(state, 'limit');
  const reductions = [slotsReduction(state, limit, stepMs), rampReduction(circuit, rampMs)];
  const [reduced] = reductions
    .filter((one) => one !== undefined && one.untilMs > nowMs)
    .toSorted((a, b) => (b?.untilMs ?? 0) - (a?.untilMs ?? 0));
  return {
    group: {
      ...{ limit, allowed, inFlight, resting, held, foreign, usedInSecond, waiting },
      ...(reduced === undefined ? {} : { reduced }),
      perMinute: { limit: figure(state, 'perMinute'), used: usedInMinute },
      perHour: { limit: figure(state, 'perHour'), used: usedInHour },
      breaker: breakerOf(state, nowMs),
    },
    egress: { nowMs, circuit: gateOf(circuit, nowMs), bans: figure(circuit, 'bans') },
  };
}

/** Throws for what no script of ours has written. */
function figure(fields: Fields, name: string): number {
  const kept = fields.get(name) ?? '0';
  const number = Number(kept);
  if (number >= 0 && Number.isFinite(number)) return number;
  throw new TypeError(`"${name}" of a budget is "${kept}": expected a number of at least 0`);
}

function slotsReduction(state: Fields, limit: number, stepMs: number): Reduction | undefined {
  if (!state.has('slots')) return undefined;
  const steps = limit - figure(state, 'slots');
  const untilMs = Math.ceil(figure(state, 'slotsSinceMs') + steps * stepMs);
  return { reason: 'rate-limited', untilMs };
}

function rampReduction(circuit: Fields, rampMs: number): Reduction | undefined {
  if (!circuit.has('rampSinceMs')) return undefined;
  return { reason: 'ramp', untilMs: Math.ceil(figure(circuit, 'rampSinceMs') + rampMs) };
}

/** The pause after a 429 and the breaker stop the same group: whichever lasts longer is told. */
function breakerOf(state: Fields, nowMs: number): CircuitState {
  const pausedUntilMs = figure(state, 'pauseUntilMs');
  const gate = gateOf(state, nowMs);
  if (pausedUntilMs <= Math.max(nowMs, gate.untilMs ?? 0)) return gate;
  return { state: 'open', reason: 'rate-limited', untilMs: Math.ceil(pausedUntilMs) };
}

function gateOf(fields: Fields, nowMs: number): CircuitState {
  if (!fields.has('untilMs')) return { state: 'closed' };
  const untilMs = figure(fields, 'untilMs');
  const reason = fields.get('reason');
  const because = reason === undefined ? {} : { reason };
  if (nowMs >= untilMs) return { state: 'half-open', ...because };
  return { state: 'open', ...because, untilMs: Math.ceil(untilMs) };
}
