import type { Clock } from '@candlekeep/clock';
import type { HistoryJob } from '@candlekeep/jobs';
import { background, type Logger } from '@candlekeep/telemetry';
import type { TaskBook } from './task-book';

export interface HistoryKeeperParts {
  readonly book: Pick<TaskBook, 'listRunning'>;
  /** Equal jobs are one, however often they are added. */
  readonly queue: { add(job: HistoryJob): Promise<unknown> };
  readonly clock: Clock;
  readonly log: Logger;
}

const EVERY_MS = 30_000;

/**
 * Puts every running task into the queue again and again, and the rounds that are due: a queue that lost its memory costs half
 * a minute and no task. Every worker keeps; jobs that are there already swallow what it adds.
 */
export class HistoryKeeper {
  private stop: (() => void) | undefined;

  constructor(private readonly parts: HistoryKeeperParts) {}

  /** Adds at once, then each half minute. */
  start(): void {
    const { clock, log } = this.parts;
    const look = (): void => {
      background(log, 'keeping history tasks going', this.addAll());
    };
    this.stop ??= clock.every(EVERY_MS, look);
    look();
  }

  close(): Promise<void> {
    this.stop?.();
    this.stop = undefined;
    return Promise.resolve();
  }

  private async addAll(): Promise<void> {
    const { book, queue } = this.parts;
    await queue.add({ kind: 'reconcile' });
    await queue.add({ kind: 'compress' });
    for (const taskId of await book.listRunning()) await queue.add({ kind: 'task', taskId });
  }
}
