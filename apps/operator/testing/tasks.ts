import type { Task } from '../src/gateway-api';

/** A backfill of ten days that was opened just now, with what a test changes of it. */
export function taskOf(change: Partial<Task> = {}): Task {
  return {
    ...{ id: 'id-1', kind: 'backfill', state: 'running', market: 'KRW-BTC', timeframe: '1m' },
    ...{ from: '2026-01-01T00:00:00.000Z', to: '2026-01-11T00:00:00.000Z' },
    ...{ cursor: '2026-01-11T00:00:00.000Z', updated: '2026-02-01T00:00:00.000Z' },
    ...{ pages: 0, calls: 0, rows: 0, compared: 0, added: 0 },
    ...{ missing: 0, surplus: 0, different: 0, differences: [] },
    ...change,
  };
}

/** The same so far back from its end, with 200 rows a page. */
export function taskAt(cursor: string, pages: number, change: Partial<Task> = {}): Task {
  return taskOf({ cursor, pages, calls: pages, rows: pages * 200, ...change });
}
