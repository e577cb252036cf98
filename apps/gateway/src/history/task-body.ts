import type { HistoryTask } from '@candlekeep/history';

/** What a finished verification found: all equal; differences that are mended now; candles that the exchange denies. */
export type Verdict = 'equal' | 'repaired' | 'contradicted';

/** A task as our API prints it; instants in ISO 8601, UTC. */
export function taskSummary(task: HistoryTask) {
  const { id, kind, state, series, range, counts, reason } = task;
  const verdict = verdictOf(task);
  return {
    ...{ id, kind, state, market: series.market, timeframe: series.timeframe.code },
    from: iso(range.fromMs),
    to: iso(range.untilMs),
    /** All that opens at or after it is done. */
    cursor: iso(task.cursorMs),
    ...counts,
    ...(verdict === undefined ? {} : { verdict }),
    ...(reason === undefined ? {} : { reason }),
    created: iso(task.createdMs),
    updated: iso(task.updatedMs),
  };
}

/** The same with the first differences in detail. */
export function taskBody(task: HistoryTask) {
  const differences = task.differences.map(({ openMs, ...difference }) => ({
    open: iso(openMs),
    ...difference,
  }));
  return { ...taskSummary(task), differences };
}

function verdictOf({ kind, state, counts }: HistoryTask): Verdict | undefined {
  if (kind !== 'verification' || state !== 'done') return undefined;
  if (counts.surplus > 0) return 'contradicted';
  return counts.missing + counts.different > 0 ? 'repaired' : 'equal';
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
