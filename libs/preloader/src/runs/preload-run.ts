/** How a run stands; the last three are ends. */
export type RunState = 'running' | 'done' | 'failed' | 'cancelled';

/** Bringing what one strategy needs, from its activation on. */
export interface PreloadRun {
  readonly id: string;
  readonly strategyId: string;
  readonly state: RunState;
  /** Pages of up to 200 rows in all; 0 until the needs have been looked up. */
  readonly total: number;
  /** Pages that are at hand. */
  readonly done: number;
  /** Calls of the exchange so far. */
  readonly calls: number;
  /** What it is held up by, or why it ended so. */
  readonly reason?: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}
