import type { Clock } from '@candlekeep/clock';
import type { Permit } from '@candlekeep/rate-limiter';
import type { CallLimiter } from '../src';

/** A limiter that grants everything at once and counts. A permit lasts five seconds of the given clock. */
export class CountingLimiter implements CallLimiter {
  readonly taken: Permit[] = [];
  readonly released: Permit[] = [];
  readonly pauses: { readonly ms: number; readonly reason: string }[] = [];
  /** Runs before each grant: a test lets time pass here, or fails. */
  beforeGrant: () => Promise<void> = async () => Promise.resolve();

  constructor(private readonly clock: Clock) {}

  async take(): Promise<Permit> {
    const askedMs = this.clock.monotonicMs();
    await this.beforeGrant();
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
