import type { CandleStore } from '@candlekeep/candle-cache';
import { assertNever, CandlekeepError, seriesName } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { backfillStep } from './backfill-step';
import { NotSettled } from './history-errors';
import type { HistoryTask } from './history-task';
import type { PageReader } from './page-reader';
import type { HistoryStep, HoldUp, TaskBook } from './task-book';
import { verificationStep } from './verification-step';

export interface TaskRunnerParts {
  readonly book: Pick<TaskBook, 'find' | 'advance' | 'holdUp'>;
  readonly store: CandleStore;
  readonly reader: PageReader;
  readonly log: Logger;
}

/**
 * Goes on with a task until it has ended: one page at a time, from the newest to the oldest, and how far it came is kept after
 * each. Run twice at once, or killed anywhere and run again, it ends with the same counts.
 */
export class TaskRunner {
  constructor(private readonly parts: TaskRunnerParts) {}

  /** Rejects when it is held up (the task stays, for another attempt) and when `signal` aborts. */
  async run(taskId: string, signal: AbortSignal): Promise<void> {
    let task = await this.parts.book.find(taskId);
    while (task?.state === 'running') {
      signal.throwIfAborted();
      task = await this.goOn(task, signal);
    }
  }

  /** The task after one more step; undefined when somebody else works on it or ended it. */
  private async goOn(task: HistoryTask, signal: AbortSignal): Promise<HistoryTask | undefined> {
    const { book } = this.parts;
    try {
      const after = await book.advance(task, await this.step(task, signal));
      if (after?.state === 'done') this.tellEnd(after);
      return after;
    } catch (error) {
      if (signal.aborted) throw error;
      const heldUp = await book.holdUp(task.id, holdUpBy(error));
      if (heldUp?.state === 'running') throw error;
      if (heldUp !== undefined) this.tellEnd(heldUp);
      return heldUp;
    }
  }

  private async step(task: HistoryTask, signal: AbortSignal): Promise<HistoryStep> {
    switch (task.kind) {
      case 'backfill':
        return await backfillStep(this.parts, task, signal);
      case 'verification':
        return await verificationStep(this.parts, task, signal);
      default:
        return assertNever(task.kind);
    }
  }

  private tellEnd({ kind, series, state, id, counts, reason }: HistoryTask): void {
    const fields = { task: id, ...counts, ...(reason === undefined ? {} : { reason }) };
    const line = `${kind} of ${seriesName(series)} ${state === 'done' ? 'is done' : 'failed'}`;
    if (state === 'done') this.parts.log.info(line, fields);
    else this.parts.log.error(line, fields);
  }
}

/** A message of an unforeseen error stays in the worker's log. */
function holdUpBy(error: unknown): HoldUp {
  if (!(error instanceof CandlekeepError)) {
    return { reason: "unforeseen; the worker's log says why", weight: 'trouble' };
  }
  const { message: reason, retryable } = error;
  if (error instanceof NotSettled) return { reason, weight: 'passing' };
  return { reason, weight: retryable ? 'trouble' : 'final' };
}
