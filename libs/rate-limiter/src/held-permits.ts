import type { Clock } from '@candlekeep/clock';
import type { GroupScripts } from './group-scripts';
import type { Permit } from './permit';

/** Several times within the rest for which a limiter that lost its memory grants nothing. */
const RENEW_MS = 300;

/** The permits of this process whose calls are under way: renewed, so that a limiter that lost its memory learns of them again in time. */
export class HeldPermits {
  private readonly heldUntil = new Map<string, number>();
  private stop: (() => void) | undefined;

  constructor(
    private readonly group: GroupScripts,
    private readonly clock: Clock,
  ) {}

  hold({ token, answerBeforeMonotonicMs }: Permit): void {
    this.heldUntil.set(token, answerBeforeMonotonicMs);
    this.stop ??= this.clock.every(RENEW_MS, () => {
      this.renew();
    });
  }

  drop({ token }: Permit): void {
    this.heldUntil.delete(token);
  }

  private renew(): void {
    const nowMs = this.clock.monotonicMs();
    for (const [token, untilMs] of this.heldUntil) {
      // Nobody has released it, and its call has been given up: what is left is the lease.
      if (nowMs >= untilMs) this.heldUntil.delete(token);
    }
    if (this.heldUntil.size > 0) this.group.renew([...this.heldUntil.keys()]);
    else {
      this.stop?.();
      this.stop = undefined;
    }
  }
}
