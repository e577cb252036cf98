import { once } from 'node:events';
import type { Clock } from '@candlekeep/clock';
import type { Permit } from '@candlekeep/rate-limiter';
import type { CallLimiter, LimitGroup } from '../src';

/** A limiter that grants everything at once and counts. A permit lasts five seconds of the given clock. */
export class CountingLimiter implements CallLimiter {
  readonly taken: Permit[] = [];
  readonly released: Permit[] = [];
  readonly pauses: { readonly ms: number; readonly reason: string }[] = [];
  /** Runs before each grant: a test lets time pass here, or fails. */
  beforeGrant: (signal: AbortSignal) => Promise<void> = async () => Promise.resolve();

  constructor(private readonly clock: Clock) {}

  /** From now on nobody gets a permit. Resolves when somebody waits for one. */
  async neverGrants(): Promise<void> {
    return new Promise((waiting) => {
      this.beforeGrant = async (signal) => {
        waiting();
        await once(signal, 'abort');
        signal.throwIfAborted();
      };
    });
  }

  async take(signal: AbortSignal): Promise<Permit> {
    signal.throwIfAborted();
    const askedMs = this.clock.monotonicMs();
    await this.beforeGrant(signal);
    const permit = {
      token: this.clock.token(),
      sendBeforeMonotonicMs: askedMs + 2_500,
      answerBeforeMonotonicMs: askedMs + 5_000,
    };
    this.taken.push(permit);
    return permit;
  }

  async release(permit: Permit): Promise<void> {
    this.released.push(permit);
    return Promise.resolve();
  }

  async pause(ms: number, reason: string): Promise<number> {
    this.pauses.push({ ms, reason });
    return Promise.resolve(ms);
  }
}

/** A limiter of its own for each group. */
export function countingLimiters(clock: Clock): Record<LimitGroup, CountingLimiter> {
  return {
    candles: new CountingLimiter(clock),
    market: new CountingLimiter(clock),
    ticker: new CountingLimiter(clock),
    'crix-trades': new CountingLimiter(clock),
    orderbook: new CountingLimiter(clock),
  };
}
