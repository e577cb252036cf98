import type { Clock } from '@candlekeep/clock';
import type { Demand } from './demand';

/** One taker's waiting: ends when it is time, when its demand has changed, or when its signal aborts. */
export class RoomWait {
  private hasChanged = false;
  private sleeping: AbortController | undefined;
  private readonly stopListening: () => void;

  constructor(
    demand: Demand,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {
    this.stopListening = demand.onChange(() => {
      this.hasChanged = true;
      this.sleeping?.abort();
    });
  }

  /** From now on changes count: what is asked now says what the demand is now. */
  begin(): void {
    this.signal.throwIfAborted();
    this.hasChanged = false;
  }

  /** Whether the demand has changed since `begin`. */
  get isOutdated(): boolean {
    return this.hasChanged;
  }

  /** Sleeps until `atMs` of the monotonic clock, not beyond a change. Rejects with the signal's reason. */
  async until(atMs: number): Promise<void> {
    if (this.hasChanged) return;
    const sleeping = (this.sleeping = new AbortController());
    const wake = (): void => {
      sleeping.abort();
    };
    // Not AbortSignal.any: a signal that lives for hours would remember each of a million waits.
    this.signal.addEventListener('abort', wake, { once: true });
    try {
      await this.clock.sleep(Math.max(0, atMs - this.clock.monotonicMs()), sleeping.signal);
    } catch (error) {
      if (!sleeping.signal.aborted) throw error;
    } finally {
      this.signal.removeEventListener('abort', wake);
      this.sleeping = undefined;
    }
    this.signal.throwIfAborted();
  }

  end(): void {
    this.stopListening();
  }
}
