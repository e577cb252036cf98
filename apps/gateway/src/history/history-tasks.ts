import {
  type HistoryKind,
  type HistoryTask,
  MAX_RUNNING_TASKS,
  type TaskBook,
} from '@candlekeep/history';
import type { HistoryQueue } from '@candlekeep/jobs';
import type { Logger } from '@candlekeep/telemetry';
import type { MarketDirectory } from '../texts/market-directory';
import { ApiRefusal, badRequest } from '../api/api-refusal';
import { parseTaskRequest } from './task-request';

export interface HistoryTasksParts {
  readonly book: Pick<
    TaskBook,
    'open' | 'findRunning' | 'find' | 'list' | 'listRunning' | 'cancel'
  >;
  readonly queue: Pick<HistoryQueue, 'add'>;
  readonly directory: Pick<MarketDirectory, 'mayExist'>;
  /** The cache server's time, epoch ms: the clock by which workers judge what is settled. */
  readonly nowMs: () => Promise<number>;
  readonly log: Logger;
}

/** History tasks as people ask for them: written into the book, then said to the workers. */
export class HistoryTasks {
  constructor(private readonly parts: HistoryTasksParts) {}

  /** Opens a task, or finds the running one that does the same. Throws an `ApiRefusal`. */
  async open(kind: HistoryKind, given: unknown): Promise<{ task: HistoryTask; isNew: boolean }> {
    const { book, directory, nowMs } = this.parts;
    const request = parseTaskRequest(kind, given, await nowMs());
    const running = await book.findRunning(request);
    if (running !== undefined) {
      await this.announce(running.id);
      return { task: running, isNew: false };
    }
    const { market } = request.series;
    if (!(await directory.mayExist(market))) {
      throw badRequest([
        { field: 'market', expected: `expected a listed market; ${market} is none` },
      ]);
    }
    await this.refuseTooMany();
    const opened = await book.open(request);
    await this.announce(opened.task.id);
    return opened;
  }

  /** Throws an `ApiRefusal` when there is no such task. */
  async get(kind: HistoryKind, id: string): Promise<HistoryTask> {
    const task = await this.parts.book.find(id);
    if (task?.kind !== kind) throw unknown(kind, id);
    return task;
  }

  async list(kind: HistoryKind): Promise<readonly HistoryTask[]> {
    return await this.parts.book.list(kind);
  }

  /** An ended task stays as it is. What a task has stored stays as well. */
  async cancel(kind: HistoryKind, id: string): Promise<HistoryTask> {
    const task = await this.parts.book.cancel(kind, id);
    if (task === undefined) throw unknown(kind, id);
    return task;
  }

  private async refuseTooMany(): Promise<void> {
    const running = await this.parts.book.listRunning();
    if (running.length < MAX_RUNNING_TASKS) return;
    throw new ApiRefusal(
      409,
      `${running.length} history tasks run already, ${MAX_RUNNING_TASKS} are the limit: wait for one to end, or cancel one.`,
    );
  }

  /** Workers look into the book each half minute anyway. */
  private async announce(taskId: string): Promise<void> {
    try {
      await this.parts.queue.add({ kind: 'task', taskId });
    } catch (error) {
      this.parts.log.warn('a history task could not be said to the workers yet', { error, taskId });
    }
  }
}

function unknown(kind: HistoryKind, id: string): ApiRefusal {
  return new ApiRefusal(404, `There is no ${kind} "${id}".`);
}
