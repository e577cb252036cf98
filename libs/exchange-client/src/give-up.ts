import type { Clock } from '@candlekeep/clock';
import type { Permit } from '@candlekeep/rate-limiter';
import { ExchangeUnavailable } from './exchange-error';

/** Ends one call before its answer: when the permit's time is over, or when its caller leaves. */
export class GiveUp {
  private readonly given = new AbortController();
  private readonly stopped = new AbortController();
  private gaveUp: 'timed-out' | 'left' | undefined;

  constructor(permit: Permit, target: string, clock: Clock) {
    const leftMs = Math.max(0, permit.answerBeforeMonotonicMs - clock.monotonicMs());
    clock.sleep(leftMs, this.stopped.signal).then(
      () => {
        this.end(
          'timed-out',
          new ExchangeUnavailable(
            `the exchange gave no whole answer to GET ${target} within ${Math.round(leftMs)} ms: try again later`,
          ),
        );
      },
      () => undefined,
    );
  }

  /** Aborts when the call is given up, with the reason that its caller gets. */
  get signal(): AbortSignal {
    return this.given.signal;
  }

  /** Why it was given up; undefined while it was not. */
  get kind(): 'timed-out' | 'left' | undefined {
    return this.gaveUp;
  }

  /** Gives up when the caller's signal aborts. It is listened to until `stop` only, for it may outlive a million calls. */
  follow(caller: AbortSignal): void {
    const leave = (): void => {
      this.end('left', caller.reason);
    };
    if (caller.aborted) leave();
    caller.addEventListener('abort', leave, { signal: this.stopped.signal });
  }

  stop(): void {
    this.stopped.abort();
  }

  private end(kind: 'timed-out' | 'left', reason: unknown): void {
    this.gaveUp ??= kind;
    this.given.abort(reason);
  }
}
