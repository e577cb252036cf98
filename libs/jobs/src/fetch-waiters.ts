import type { FetchEnding } from './fetch-ending';
import { TooManyWaiters } from './fetch-refusals';

/** One caller's wait for the end of a fetch. */
export interface FetchWait {
  /** Resolves when the end is told. */
  readonly word: Promise<FetchEnding>;
  /** Aborts when the wait is closed. */
  readonly closed: AbortSignal;
  close(): void;
}

type Listener = (ending: FetchEnding) => void;

/** Everyone in this process who waits for a fetch, by the name of the fetch; bounded. */
export class FetchWaiters {
  private readonly listeners = new Map<string, Set<Listener>>();
  private count = 0;

  constructor(private readonly maxWaiters: number) {}

  /** Listens from now on until the wait is closed. Throws {@link TooManyWaiters}. */
  open(id: string): FetchWait {
    if (this.count >= this.maxWaiters) throw new TooManyWaiters(this.maxWaiters);
    this.count += 1;
    const closing = new AbortController();
    const word = new Promise<FetchEnding>((resolve) => {
      this.listen(id, resolve, closing.signal);
    });
    const close = (): void => {
      closing.abort();
    };
    return { word, closed: closing.signal, close };
  }

  /** Tells an ending to everyone who waits for it. */
  tell(ending: FetchEnding): void {
    for (const listener of this.listeners.get(ending.id) ?? []) listener(ending);
  }

  private listen(id: string, listener: Listener, closed: AbortSignal): void {
    const listeners = this.listeners.get(id) ?? new Set<Listener>();
    this.listeners.set(id, listeners.add(listener));
    const leave = (): void => {
      this.count -= 1;
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(id) === listeners) this.listeners.delete(id);
    };
    closed.addEventListener('abort', leave, { once: true });
  }
}
