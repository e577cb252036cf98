import { onAbort } from '../on-abort';
import { CandlekeepRequestFailed } from '../request-failed';
import { after, monotonicMs } from '../time';

/** How long one who asks waits, and what makes him stop. */
export interface Patience {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Waiter<Answer> {
  /** When his time is over, on the clock that nobody sets, ms. */
  readonly untilMs: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
  /** Forgets his timer and his signal. */
  readonly leave: () => void;
}

/** One question under way and all who wait for its answer: each of them may give up alone, and with the last of them it ends. */
export class SharedCall<Answer> {
  private readonly waiters = new Set<Waiter<Answer>>();
  private readonly controller = new AbortController();
  private lastFailure: unknown;

  /** `asked` names the question, for people; `ended` is called once, when nobody waits any more. */
  constructor(
    private readonly asked: string,
    private readonly ended: () => void,
  ) {}

  /** Aborted when nobody waits any more. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Rejects with the failure, with the signal's reason, or with {@link CandlekeepRequestFailed} when the time is over. */
  async join({ timeoutMs, signal }: Patience): Promise<Answer> {
    return await new Promise((resolve, reject) => {
      const giveUp = (reason: unknown): void => {
        this.dismiss(waiter, () => {
          waiter.reject(reason);
        });
      };
      const callOff = after(timeoutMs, () => {
        giveUp(this.tooLate(timeoutMs));
      });
      const release =
        signal &&
        onAbort(signal, () => {
          giveUp(signal.reason);
        });
      const leave = (): void => {
        callOff();
        release?.();
      };
      const waiter: Waiter<Answer> = { untilMs: monotonicMs() + timeoutMs, resolve, reject, leave };
      this.waiters.add(waiter);
    });
  }

  succeed(answer: Answer): void {
    for (const waiter of this.waiters)
      this.dismiss(waiter, () => {
        waiter.resolve(answer);
      });
  }

  fail(reason: unknown): void {
    for (const waiter of this.waiters)
      this.dismiss(waiter, () => {
        waiter.reject(reason);
      });
  }

  /** Fails those whose time is over in `ms`, now rather than then. Returns whether anybody stays. */
  failAllBut(ms: number, failure: unknown): boolean {
    this.lastFailure = failure;
    const atMs = monotonicMs() + ms;
    for (const waiter of this.waiters) {
      if (waiter.untilMs <= atMs)
        this.dismiss(waiter, () => {
          waiter.reject(failure);
        });
    }
    return this.waiters.size > 0;
  }

  private dismiss(waiter: Waiter<Answer>, tell: () => void): void {
    if (!this.waiters.delete(waiter)) return;
    waiter.leave();
    tell();
    if (this.waiters.size > 0) return;
    this.controller.abort();
    this.ended();
  }

  private tooLate(timeoutMs: number): CandlekeepRequestFailed {
    return new CandlekeepRequestFailed(
      `no answer to ${this.asked} within ${timeoutMs} ms; give it more time (timeoutMs), or see the gateway's /health/ready`,
      { cause: this.lastFailure },
    );
  }
}
