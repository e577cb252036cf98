import type { Clock } from '@candlekeep/clock';
import type { Pool } from '@candlekeep/postgres';
import { onBook } from './history-failure';
import {
  DETAILED_DIFFERENCES,
  type Difference,
  type HistoryCounts,
  type HistoryKind,
  type HistoryRequest,
  type HistoryTask,
} from './history-task';
import { TASK_COLUMNS, taskOf, type TaskRow } from './task-row';

/** What one step of a task has brought. */
export interface HistoryStep {
  /** How far the task is now; at the range's begin it is done. */
  readonly cursorMs: number;
  readonly counts: HistoryCounts;
  readonly differences: readonly Difference[];
}

/** What a task is held up by. */
export interface HoldUp {
  readonly reason: string;
  /** `final`: it fails at once. `trouble`: too much of it, and it fails. `passing`: a matter of seconds, which does not count. */
  readonly weight: 'final' | 'trouble' | 'passing';
}

const LISTED = 100;
/** Attempts without progress, about six a minute: an exchange may be away for two hours before a task gives up. */
const MAX_FAILURES = 720;

const OPEN = `
  INSERT INTO history_tasks (id, kind, market, timeframe, from_time, until_time, cursor_time, open_ended)
  VALUES ($1, $2, $3, $4, $5, $6, $6, $7)
  ON CONFLICT DO NOTHING RETURNING ${TASK_COLUMNS}`;

const FIND_RUNNING = `
  SELECT ${TASK_COLUMNS} FROM history_tasks
   WHERE state = 'running' AND kind = $1 AND market = $2 AND timeframe = $3 AND from_time = $4
     AND open_ended = $6 AND (open_ended OR until_time = $5)`;

/** Whoever saves names the cursor it began from, so that two workers on one task never count a page twice. */
const ADVANCE = `
  UPDATE history_tasks
     SET cursor_time = $3, state = CASE WHEN $3 = from_time THEN 'done' ELSE state END,
         pages = pages + $4, calls = calls + $5, rows = rows + $6, compared = compared + $7, added = added + $8,
         missing = missing + $9, surplus = surplus + $10, different = different + $11,
         differences = differences || $12::jsonb, failures = 0, reason = NULL, updated_at = clock_timestamp()
   WHERE id = $1 AND state = 'running' AND cursor_time = $2
  RETURNING ${TASK_COLUMNS}`;

const HOLD_UP = `
  UPDATE history_tasks
     SET failures = failures + $4, reason = $2, updated_at = clock_timestamp(),
         state = CASE WHEN $3 OR failures + $4 >= ${MAX_FAILURES} THEN 'failed' ELSE state END
   WHERE id = $1 AND state = 'running'
  RETURNING ${TASK_COLUMNS}`;

const CANCEL = `
  UPDATE history_tasks SET state = 'cancelled', updated_at = clock_timestamp()
   WHERE id = $1 AND kind = $2 AND state = 'running'`;

export interface TaskBookOptions {
  /** Told of a row that {@link TaskBook.list} leaves out. */
  readonly onUnreadable?: (error: unknown) => void;
}

/** History tasks in Postgres: what is to be done, how far it is, and how it ended. Every method is one statement or two. */
export class TaskBook {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly options: TaskBookOptions = {},
  ) {}

  /** Opens a task, or finds the one that does the same already. */
  async open(request: HistoryRequest): Promise<{ task: HistoryTask; isNew: boolean }> {
    for (;;) {
      const opened = await this.one(OPEN, [this.clock.token(), ...wishOf(request)]);
      if (opened !== undefined) return { task: opened, isNew: true };
      // It may end between the two statements: then there is room for a new one.
      const running = await this.findRunning(request);
      if (running !== undefined) return { task: running, isNew: false };
    }
  }

  /** The running task that does the same. */
  async findRunning(request: HistoryRequest): Promise<HistoryTask | undefined> {
    return await this.one(FIND_RUNNING, wishOf(request));
  }

  async find(id: string): Promise<HistoryTask | undefined> {
    if (!isId(id)) return undefined;
    return await this.one(`SELECT ${TASK_COLUMNS} FROM history_tasks WHERE id = $1`, [id]);
  }

  /** The newest 100 of a kind, newest first; without rows that cannot be read. */
  async list(kind: HistoryKind): Promise<HistoryTask[]> {
    const text = `SELECT ${TASK_COLUMNS} FROM history_tasks WHERE kind = $1 ORDER BY created_at DESC LIMIT ${LISTED}`;
    return (await this.rows(text, [kind])).flatMap((row) => {
      try {
        return [taskOf(row)];
      } catch (error) {
        this.options.onUnreadable?.(error);
        return [];
      }
    });
  }

  async listRunning(): Promise<string[]> {
    const text = `SELECT id FROM history_tasks WHERE state = 'running' ORDER BY created_at`;
    const { rows } = await onBook('read which history tasks run', () =>
      this.pool.query<{ id: string }>(text),
    );
    return rows.map(({ id }) => id);
  }

  /** Cancels a running task and leaves an ended one as it is; undefined when there is none. What it stored stays. */
  async cancel(kind: HistoryKind, id: string): Promise<HistoryTask | undefined> {
    if (!isId(id)) return undefined;
    await onBook('cancel a history task', () => this.pool.query(CANCEL, [id, kind]));
    const task = await this.find(id);
    return task?.kind === kind ? task : undefined;
  }

  /** Adds a step to the task it was made from; undefined when somebody else moved or ended that task meanwhile. */
  async advance(task: HistoryTask, step: HistoryStep): Promise<HistoryTask | undefined> {
    const { pages, calls, rows, compared, added, missing, surplus, different } = step.counts;
    const room = Math.max(0, DETAILED_DIFFERENCES - task.differences.length);
    return await this.one(ADVANCE, [
      ...[task.id, iso(task.cursorMs), iso(step.cursorMs)],
      ...[pages, calls, rows, compared, added, missing, surplus, different],
      JSON.stringify(step.differences.slice(0, room)),
    ]);
  }

  /** Notes what a task is held up by. It fails when that is for good, or when it has been held up for too long. */
  async holdUp(id: string, holdUp: HoldUp): Promise<HistoryTask | undefined> {
    const { reason, weight } = holdUp;
    return await this.one(HOLD_UP, [id, reason, weight === 'final', weight === 'passing' ? 0 : 1]);
  }

  private async one(text: string, values: readonly unknown[]): Promise<HistoryTask | undefined> {
    return (await this.rows(text, values)).map(taskOf)[0];
  }

  private async rows(text: string, values: readonly unknown[]): Promise<readonly TaskRow[]> {
    const { rows } = await onBook('read or write a history task', () =>
      this.pool.query<TaskRow>(text, [...values]),
    );
    return rows;
  }
}

/** The values of {@link FIND_RUNNING}, and of {@link OPEN} behind its id. */
function wishOf({ kind, series, range, openEnded }: HistoryRequest): readonly unknown[] {
  const { market, timeframe } = series;
  return [kind, market, timeframe.code, iso(range.fromMs), iso(range.untilMs), openEnded];
}

/** Anything else names no task, and some of it is no text to Postgres. */
function isId(text: string): boolean {
  return /^[\w-]{1,64}$/.test(text);
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
