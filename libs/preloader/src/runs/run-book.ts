import type { Clock } from '@candlekeep/clock';
import type { Pool } from '@candlekeep/postgres';
import { CandlekeepError } from '@candlekeep/market';
import { PreloadRunsUnavailable } from '../warm/preload-errors';
import type { PreloadRun, RunState } from './preload-run';

/** What a part of a run has brought. */
export interface RunStep {
  /** Pages in all, and those at hand. */
  readonly total: number;
  readonly done: number;
  /** Calls of the exchange, on top of those before. */
  readonly calls: number;
}

const LISTED = 100;
const KEPT = 1_000;
const COLUMNS = `
  id, strategy_id, state, total, done, calls, reason,
  (extract(epoch FROM created_at) * 1000)::bigint AS created_ms,
  (extract(epoch FROM updated_at) * 1000)::bigint AS updated_ms`;

/** A run that is repeated finds its pages known: what is at hand never becomes less. */
const ADVANCE = `
  UPDATE preload_runs
     SET total = $2, done = GREATEST(done, $3), calls = calls + $4, reason = NULL, updated_at = clock_timestamp()
   WHERE id = $1 AND state = 'running'
  RETURNING ${COLUMNS}`;

const END = `
  UPDATE preload_runs SET state = $2, reason = $3, updated_at = clock_timestamp()
   WHERE id = $1 AND state = 'running'`;

const CANCEL = `
  UPDATE preload_runs SET state = 'cancelled', reason = $2, updated_at = clock_timestamp()
   WHERE strategy_id = $1 AND state = 'running'`;

/** In whole ms on both sides: what came later is never rounded to before. */
const SINCE = `
  SELECT ${COLUMNS} FROM preload_runs
   WHERE strategy_id = $1 AND (extract(epoch FROM created_at) * 1000)::bigint >= $2
   LIMIT 1`;

const PRUNE = `
  DELETE FROM preload_runs
   WHERE state <> 'running' AND id NOT IN (SELECT id FROM preload_runs ORDER BY created_at DESC LIMIT ${KEPT})`;

interface RunRow {
  readonly id: string;
  readonly strategy_id: string;
  readonly state: RunState;
  readonly total: number;
  readonly done: number;
  readonly calls: number;
  readonly reason: string | null;
  readonly created_ms: number;
  readonly updated_ms: number;
}

/** Preload runs in Postgres. Every method is one statement or two, and rejects with `PreloadRunsUnavailable` without Postgres. */
export class RunBook {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
  ) {}

  /** Opens a run for a strategy, or finds the one that is under way. */
  async open(strategyId: string): Promise<PreloadRun> {
    const insert = `INSERT INTO preload_runs (id, strategy_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`;
    const running = `SELECT ${COLUMNS} FROM preload_runs WHERE strategy_id = $1 AND state = 'running'`;
    for (;;) {
      const [opened] = await this.all(insert, [this.clock.token(), strategyId]);
      if (opened !== undefined) return opened;
      // It may end between the two statements: then there is room for a new one.
      const [known] = await this.all(running, [strategyId]);
      if (known !== undefined) return known;
    }
  }

  async find(id: string): Promise<PreloadRun | undefined> {
    if (!/^[\w-]{1,64}$/.test(id)) return undefined;
    const [run] = await this.all(`SELECT ${COLUMNS} FROM preload_runs WHERE id = $1`, [id]);
    return run;
  }

  /** The newest 100, newest first. */
  async list(): Promise<readonly PreloadRun[]> {
    const text = `SELECT ${COLUMNS} FROM preload_runs ORDER BY created_at DESC LIMIT ${LISTED}`;
    return await this.all(text, []);
  }

  /** Whether a run was opened for a strategy at or after an instant of Postgres' clock, epoch ms, and is not forgotten. */
  async hasRunSince(strategyId: string, sinceMs: number): Promise<boolean> {
    const runs = await this.all(SINCE, [strategyId, sinceMs]);
    return runs.length > 0;
  }

  async listRunning(): Promise<readonly PreloadRun[]> {
    const text = `SELECT ${COLUMNS} FROM preload_runs WHERE state = 'running' ORDER BY created_at`;
    return await this.all(text, []);
  }

  /** Adds a step; undefined when the run has ended meanwhile: whoever works on it stops. */
  async advance(id: string, { total, done, calls }: RunStep): Promise<PreloadRun | undefined> {
    const [run] = await this.all(ADVANCE, [id, total, done, calls]);
    return run;
  }

  /** Notes what a run waits for; it goes on later. */
  async holdUp(id: string, reason: string): Promise<void> {
    const text = `UPDATE preload_runs SET reason = $2, updated_at = clock_timestamp() WHERE id = $1 AND state = 'running'`;
    await this.write(text, [id, reason]);
  }

  /** Ends a run that is under way; one that has ended stays as it is. */
  async end(id: string, state: Exclude<RunState, 'running'>, reason?: string): Promise<void> {
    await this.write(END, [id, state, reason ?? null]);
  }

  /** Cancels whatever runs for a strategy: it was deactivated, deleted or changed. What was brought stays. */
  async cancelOf(
    strategyId: string,
    reason = 'the strategy is not active any more',
  ): Promise<void> {
    await this.write(CANCEL, [strategyId, reason]);
  }

  /** Forgets ended runs beyond the newest 1,000. */
  async prune(): Promise<void> {
    await this.write(PRUNE, []);
  }

  private async all(text: string, values: readonly unknown[]): Promise<PreloadRun[]> {
    const { rows } = await this.ask(() => this.pool.query<RunRow>(text, [...values]));
    return rows.map(runOf);
  }

  private async write(text: string, values: readonly unknown[]): Promise<void> {
    await this.ask(() => this.pool.query(text, [...values]));
  }

  private async ask<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof CandlekeepError) throw cause;
      throw new PreloadRunsUnavailable(
        'could not read or write preload runs: check that Postgres (DATABASE_URL) answers, then try again',
        { cause },
      );
    }
  }
}

function runOf(row: RunRow): PreloadRun {
  const { id, strategy_id, state, total, done, calls, reason, created_ms, updated_ms } = row;
  return {
    ...{ id, strategyId: strategy_id, state, total, done, calls },
    ...(reason === null ? {} : { reason }),
    ...{ createdAtMs: created_ms, updatedAtMs: updated_ms },
  };
}
