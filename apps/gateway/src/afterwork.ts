import type { Closable } from '@candlekeep/lifecycle';

/** Work that no caller waits for, until the process ends: then the end waits for it. */
export class Afterwork implements Closable {
  private readonly running = new Set<Promise<void>>();

  /** @param work never rejects */
  take(work: Promise<void>): void {
    const ended = work.finally(() => this.running.delete(ended));
    this.running.add(ended);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.running);
  }
}
