import { once } from 'node:events';
import type { Clock } from '@candlekeep/clock';
import { type CallEnding, type Demand, type Permit, steadyDemand } from '@candlekeep/rate-limiter';
import { byLimitGroup, type CallLimiter, type LimitGroup } from '../src';

/** A demand for tests that do not care: most urgent, without an end. */
export const anyDemand = steadyDemand(0);

/** A limiter that grants everything at once and counts. A permit lasts five seconds of the given clock. */
export class CountingLimiter implements CallLimiter {
  readonly taken: Permit[] = [];
  /** What each permit was wanted for. */
  readonly demands: Demand[] = [];
  readonly released: Permit[] = [];
  /** How the calls of the released permits had ended. */
  readonly endings: CallEnding[] = [];
  /** What a release resolves to, ms. */
  pausedMs = 0;
  /** Runs before each grant: a test lets time pass here, or fails. */
  beforeGrant: (signal: AbortSignal) => Promise<void> = async () => Promise.resolve();
  /** Runs before each release resolves. */
  beforeRelease: (ending: CallEnding) => Promise<void> = async () => Promise.resolve();

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

  async take(signal: AbortSignal, demand: Demand): Promise<Permit> {
    signal.throwIfAborted();
    const askedMs = this.clock.monotonicMs();
    await this.beforeGrant(signal);
    const permit = {
      token: this.clock.token(),
      sendBeforeMonotonicMs: askedMs + 2_500,
      answerBeforeMonotonicMs: askedMs + 5_000,
    };
    this.taken.push(permit);
    this.demands.push(demand);
    return permit;
  }

  async release(permit: Permit, ending: CallEnding): Promise<number> {
    this.released.push(permit);
    this.endings.push(ending);
    await this.beforeRelease(ending);
    return this.pausedMs;
  }
}

/** A limiter of its own for each group. */
export function countingLimiters(clock: Clock): Record<LimitGroup, CountingLimiter> {
  return byLimitGroup(() => new CountingLimiter(clock));
}
