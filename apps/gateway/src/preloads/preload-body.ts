import type { PreloadPlan, PreloadRun } from '@candlekeep/preloader';
import type { PreloadsReading } from './preloads';

/** A run as people see it; instants in ISO 8601. */
export function runBody({ createdAtMs, updatedAtMs, strategyId, ...run }: PreloadRun) {
  return { ...run, strategy: strategyId, created: iso(createdAtMs), updated: iso(updatedAtMs) };
}

/** The plan of whoever preloads, the newest runs, and what the answering gateway itself could not note. */
export function preloadsBody({ plan, runs, droppedCount }: PreloadsReading) {
  return { ...planBody(plan), runs: runs.map(runBody), gateway: { dropped: droppedCount } };
}

/** `state` says in a word whether anybody preloads. */
function planBody(plan: PreloadPlan | undefined) {
  if (plan === undefined) {
    return {
      state: 'away',
      detail:
        'No worker has told within 15 s what it preloads. Is one running (npm run start:worker)? Then its log says whether it holds the lease "preloader", and what it waits for.',
    };
  }
  const { atMs, owner, sinceMs, budget, schedules, warm, upcoming, counts } = plan;
  return {
    ...{ state: 'preloading', at: iso(atMs), owner, since: iso(sinceMs), budget, counts },
    schedules: schedules.map(({ id, nextMs }) => ({ id, next: iso(nextMs) })),
    warm: warm.map(({ untilMs, ...series }) => ({ ...series, until: iso(untilMs) })),
    upcoming: upcoming.map(({ fromMs, untilMs, ...expected }) => ({
      ...{ ...expected, from: iso(fromMs), until: iso(untilMs) },
    })),
  };
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
