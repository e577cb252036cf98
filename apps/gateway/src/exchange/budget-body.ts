import { LANES } from '@candlekeep/market';
import type { CircuitState, EgressBudget, GroupBudget, Reduction } from '@candlekeep/rate-limiter';

/** The JSON of `GET /api/exchange/budget`: what each egress may still ask, who waits, and what stands in the way until when. */
export function budgetBody(budgets: readonly EgressBudget[]) {
  return {
    egresses: budgets.map(({ egressId, nowMs, circuit, bans, groups }) => ({
      egress: egressId,
      now: instant(nowMs),
      circuit: circuitBody(circuit),
      bans,
      groups: groups.map(groupBody),
    })),
  };
}

function groupBody({ group, limit, allowed, reduced, waiting, breaker, ...counts }: GroupBudget) {
  const byLane = LANES.map((lane, rank) => [lane, waiting[rank] ?? 0] as const);
  return {
    ...{ group, limit, allowed },
    ...(reduced === undefined ? {} : { reduced: reductionBody(reduced) }),
    ...counts,
    waiting: Object.fromEntries(byLane),
    breaker: circuitBody(breaker),
  };
}

function reductionBody({ reason, untilMs }: Reduction) {
  return { reason, until: instant(untilMs) };
}

function circuitBody({ state, reason, untilMs }: CircuitState) {
  return {
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(untilMs === undefined ? {} : { until: instant(untilMs) }),
  };
}

/** ISO 8601, UTC. */
function instant(ms: number): string {
  return new Date(ms).toISOString();
}
