import type { ReconciliationTotals } from '@candlekeep/history';
import type { QueueDepths } from '@candlekeep/jobs';
import { LANES } from '@candlekeep/market';
import type { EgressBudget, GroupBudget } from '@candlekeep/rate-limiter';
import type { Metrics } from '@candlekeep/telemetry';
import type { ExchangeBudgets } from '../exchange/exchange-budgets';

export interface SharedFiguresParts {
  readonly budgets: Pick<ExchangeBudgets, 'read'>;
  readonly totals: Pick<ReconciliationTotals, 'read'>;
  readonly depths: Pick<QueueDepths, 'read'>;
}

interface GroupOfEgress {
  readonly labels: { readonly egress: string; readonly group: string };
  readonly budget: GroupBudget;
}

/** Tells what all processes share. Every gateway tells the same. */
export function tellShared(
  metrics: Metrics,
  { budgets, totals, depths }: SharedFiguresParts,
): void {
  const look = oneAtATime(() => budgets.read());
  const ofGroups = async (value: (budget: GroupBudget) => number) =>
    groupsOf(await look()).map(({ labels, budget }) => ({ labels, value: value(budget) }));
  metrics.read('budgetAllowed', () => ofGroups(({ allowed }) => allowed));
  metrics.read('budgetUsed', () => ofGroups(({ usedInSecond }) => usedInSecond));
  metrics.read('budgetHourUsed', () => ofGroups(({ perHour }) => perHour.used));
  metrics.read('budgetHourLimit', async () => {
    const capped = groupsOf(await look()).filter(({ budget }) => budget.perHour.limit > 0);
    return capped.map(({ labels, budget }) => ({ labels, value: budget.perHour.limit }));
  });
  metrics.read('budgetWaiting', async () =>
    groupsOf(await look()).flatMap(({ labels, budget }) =>
      LANES.map((lane, rank) => ({
        labels: { ...labels, lane },
        value: budget.waiting[rank] ?? 0,
      })),
    ),
  );
  metrics.read('exchangeStopped', async () => stopsOf(await look()));
  metrics.read('queueJobs', async () =>
    (await depths.read()).flatMap(({ name: queue, ...states }) =>
      Object.entries(states).map(([state, value]) => ({ labels: { queue, state }, value })),
    ),
  );
  metrics.read('reconciliationRepairs', async () => [
    { labels: {}, value: (await totals.read()).differences },
  ]);
}

/** Six metrics come out of one look: those who ask while it is under way get the same. */
function oneAtATime<Seen>(look: () => Promise<Seen>): () => Promise<Seen> {
  let underWay: Promise<Seen> | undefined;
  return () =>
    (underWay ??= look().finally(() => {
      underWay = undefined;
    }));
}

function groupsOf(egresses: readonly EgressBudget[]): readonly GroupOfEgress[] {
  return egresses.flatMap(({ egressId: egress, groups }) =>
    groups.map((budget) => ({ labels: { egress, group: budget.group }, budget })),
  );
}

function stopsOf(egresses: readonly EgressBudget[]) {
  return egresses.flatMap(({ egressId: egress, circuit, groups }) =>
    [{ group: '*', breaker: circuit }, ...groups].map(({ group, breaker }) => ({
      labels: { egress, group, reason: breaker.reason ?? 'none' },
      // Half open: the next call is let through, and tells.
      value: breaker.state === 'open' ? 1 : 0,
    })),
  );
}
