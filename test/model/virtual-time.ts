import { Clock } from '@candlekeep/clock';

/** A stretch of time through which the cache server's clock was so far off the exchange's. */
interface Offset {
  readonly sinceMs: number;
  readonly offsetMs: number;
}

interface Routine {
  readonly everyMs: number;
  readonly task: () => void;
  nextMs: number;
}

/** A page in a gateway's memory is believed for so long. */
const PAGE_LIVES_MS = 30_000;
/** Further off, and the cache makes no promise. */
const MOST_OFF_MS = 8_000;

/**
 * The exchange's time, which only goes forward, and two clocks beside it that are wrong: the cache server's, and that of our
 * processes.
 */
export class VirtualTime extends Clock {
  private readonly offsets: Offset[];
  private readonly routines = new Set<Routine>();
  private processOffsetMs = 0;
  /** Before the clock was last turned. */
  private latestCacheMs = 0;
  private static tokens = 0;

  /** Instants are of the exchange's clock, epoch ms. */
  constructor(
    private readonly startMs: number,
    cacheOffsetMs: number,
    private exchangeMs = startMs,
  ) {
    super();
    this.offsets = [{ sinceMs: 0, offsetMs: cacheOffsetMs }];
  }

  /** Now, by the exchange's clock. */
  get trueMs(): number {
    return this.exchangeMs;
  }

  /** Now, by the cache server's clock. */
  get cacheMs(): number {
    return this.exchangeMs + this.cacheOffsetMs;
  }

  advance(ms: number): void {
    this.exchangeMs += ms;
    for (const routine of this.routines) {
      if (routine.nextMs > this.exchangeMs) continue;
      routine.nextMs = this.exchangeMs + routine.everyMs;
      routine.task();
    }
  }

  /** Turns the cache server's clock; it stays within what the cache promises to bear. Says by how much it was turned. */
  turnCacheClock(byMs: number): number {
    const before = this.cacheOffsetMs;
    this.latestCacheMs = Math.max(this.latestCacheMs, this.cacheMs);
    const offsetMs = Math.max(-MOST_OFF_MS, Math.min(MOST_OFF_MS, before + byMs));
    this.offsets.push({ sinceMs: this.exchangeMs, offsetMs });
    return offsetMs - before;
  }

  /** Whether the cache server's clock has shown a later time before. */
  get isCacheClockSetBack(): boolean {
    return this.cacheMs < this.latestCacheMs;
  }

  /** By how much the cache server's clock was turned forward in all while a page in memory may live. */
  turnedForwardMs(): number {
    const sinceMs = this.exchangeMs - PAGE_LIVES_MS;
    return this.offsets.reduce((sum, { sinceMs: fromMs, offsetMs }, index) => {
      const beforeMs = this.offsets[index - 1]?.offsetMs ?? offsetMs;
      return fromMs < sinceMs ? sum : sum + Math.max(0, offsetMs - beforeMs);
    }, 0);
  }

  turnProcessClock(byMs: number): void {
    this.processOffsetMs += byMs;
  }

  /** The earliest true instant that a reading of the cache server's clock, carried on by a steady one, may mean. */
  earliestMeant(cacheMs: number): number {
    const meant = this.offsets
      .map(({ sinceMs, offsetMs }) => ({ sinceMs, trueMs: cacheMs - offsetMs }))
      .filter(({ sinceMs, trueMs }) => trueMs >= sinceMs && trueMs <= this.exchangeMs);
    return Math.min(this.exchangeMs, ...meant.map(({ trueMs }) => trueMs));
  }

  override nowMs(): number {
    return this.exchangeMs + this.processOffsetMs;
  }

  override monotonicMs(): number {
    return this.exchangeMs - this.startMs;
  }

  /** Nobody wakes by itself in the model: loads are waited for, not timed, and no patience ends before its load does. */
  override sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => {
        reject(new Error('the wait was ended'));
      });
    });
  }

  /** Calls `task` at most once for each move of the clock. */
  override every(ms: number, task: () => void): () => void {
    const routine = { everyMs: ms, task, nextMs: this.exchangeMs + ms };
    this.routines.add(routine);
    return () => {
      this.routines.delete(routine);
    };
  }

  override random(): number {
    return 0.5;
  }

  override token(): string {
    VirtualTime.tokens += 1;
    return `t${VirtualTime.tokens}`;
  }

  private get cacheOffsetMs(): number {
    return this.offsets.at(-1)?.offsetMs ?? 0;
  }
}
