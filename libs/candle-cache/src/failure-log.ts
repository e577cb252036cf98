import type { Clock } from '@candlekeep/clock';
import { CandlekeepError } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';

/** A failure that has not come again for so long is over, ms: longer than the patience of a caller, who may hit it at the end of that. */
const QUIET_MS = 10_000;

export interface FailureLogParts {
  readonly clock: Clock;
  readonly log: Logger;
  /** After so long without it a failure is over, ms. Default 10,000; longer than the longest pause between attempts. */
  readonly quietMs?: number;
}

/** A failure that comes again and again. */
interface Episode {
  readonly what: string;
  readonly reason: string;
  readonly sinceMonotonicMs: number;
  lastMonotonicMs: number;
  times: number;
}

/**
 * Failures that callers are spared, since there is another way: one line when one begins and one, with their number, when it is over,
 * however many callers meet it. It is noticed to be over when the next caller comes.
 */
export class FailureLog {
  private readonly episodes = new Map<string, Episode>();

  constructor(private readonly parts: FailureLogParts) {}

  /** `what` says what becomes of it, the same for all of its kind. What is no error of ours is logged as `error`, else as `warn`. */
  heed(what: string, error: unknown): void {
    this.settle();
    const { clock, log } = this.parts;
    const nowMs = clock.monotonicMs();
    const reason = reasonOf(error);
    const name = `${what} ${reason}`;
    const known = this.episodes.get(name);
    if (known !== undefined) {
      known.times += 1;
      known.lastMonotonicMs = nowMs;
      return;
    }
    const times = { sinceMonotonicMs: nowMs, lastMonotonicMs: nowMs, times: 1 };
    this.episodes.set(name, { what, reason, ...times });
    log[error instanceof CandlekeepError ? 'warn' : 'error'](what, { reason, error });
  }

  /** Tells of what is over. */
  settle(): void {
    const { clock, log, quietMs = QUIET_MS } = this.parts;
    for (const [name, episode] of this.episodes) {
      const { what, reason, times, sinceMonotonicMs, lastMonotonicMs } = episode;
      if (clock.monotonicMs() - lastMonotonicMs < quietMs) continue;
      this.episodes.delete(name);
      log.info(`over: ${what}`, { reason, times, lastedMs: lastMonotonicMs - sinceMonotonicMs });
    }
  }
}

/** The code of an error of ours, whose message may name a series; of any other all that there is. */
function reasonOf(error: unknown): string {
  return error instanceof CandlekeepError ? error.code : String(error);
}
