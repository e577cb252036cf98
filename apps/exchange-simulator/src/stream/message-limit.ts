import { SlidingWindow } from '../http/sliding-window';

/** How many messages one connection may send: 5 in any second and 100 in any minute. */
export class MessageLimit {
  private readonly windows = [new SlidingWindow(5, 1_000), new SlidingWindow(100, 60_000)];

  /** Admits a message at `atMs`, on a clock that never goes back. A refused one uses nothing up. */
  tryEnter(atMs: number): boolean {
    if (this.windows.some((window) => window.remainingAt(atMs) === 0)) return false;
    return this.windows.every((window) => window.tryEnter(atMs));
  }
}
