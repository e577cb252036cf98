import type { Clock } from '@candlekeep/clock';
import { LimitPaused, type Permit, type RateLimiter } from '@candlekeep/rate-limiter';
import { background, type Logger } from '@candlekeep/telemetry';
import { ExchangePaused, ExchangeUnavailable, LimiterUnavailable } from './exchange-error';

/** What the client needs of a limiter of one group. */
export type CallLimiter = Pick<RateLimiter, 'take' | 'release' | 'pause'>;

export interface MeteredCallsOptions {
  readonly limiter: CallLimiter;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Every send takes its own permit, keeps within the permit's time, and gives the permit back when it may. */
export class MeteredCalls {
  constructor(private readonly options: MeteredCallsOptions) {}

  /**
   * Waits for a permit, then sends `target` once. `send` must stop as soon as its signal aborts: that is when the caller's signal
   * aborts, or when the permit's time is over. Rejects with {@link LimiterUnavailable}, with
   * {@link ExchangeUnavailable} on time-out, with the caller's reason, or as `send` does.
   */
  async run<Answer>(
    target: string,
    send: (target: string, signal: AbortSignal) => Promise<Answer>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const permit = await this.takeFresh(signal);
    const timeOut = this.startTimeOut(permit, target);
    const giveUp = AbortSignal.any([signal, timeOut.signal]);
    try {
      const answer = await send(target, giveUp);
      this.release(permit);
      return answer;
    } catch (error) {
      // Given up: the request may still reach the exchange, so its slot stays taken until the lease ends.
      if (!giveUp.aborted) this.release(permit);
      throw error;
    } finally {
      timeOut.stop();
    }
  }

  /** Nothing is granted in this group for `ms`, from the moment this resolves. A limiter that does not answer grants nothing anyway. */
  async pause(ms: number, reason: 'rate-limited' | 'banned'): Promise<void> {
    const { limiter, log } = this.options;
    try {
      await limiter.pause(ms, reason);
    } catch (error) {
      log.error(`the calls to the exchange could not be paused (${reason})`, { error });
    }
  }

  /** A permit that may still be used: its reply can have been late, and the caller can have left while it was waited for. */
  private async takeFresh(signal: AbortSignal): Promise<Permit> {
    for (;;) {
      const permit = await this.take(signal);
      const isFresh = this.options.clock.monotonicMs() < permit.sendBeforeMonotonicMs;
      if (isFresh && !signal.aborted) return permit;
      this.release(permit);
      signal.throwIfAborted();
    }
  }

  private async take(signal: AbortSignal): Promise<Permit> {
    try {
      return await this.options.limiter.take(signal);
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof LimitPaused) throw new ExchangePaused(cause.retryAfterMs);
      throw new LimiterUnavailable(
        'no permit to call the exchange, because the limiter did not answer: check its Redis (REDIS_URL)',
        { cause },
      );
    }
  }

  /** Not waited for: the answer is here, and a release that gets lost costs the rest of the lease, nothing else. */
  private release(permit: Permit): void {
    const { limiter, log } = this.options;
    background(log, 'releasing a permit', limiter.release(permit));
  }

  private startTimeOut(permit: Permit, target: string): { signal: AbortSignal; stop: () => void } {
    const { clock } = this.options;
    const leftMs = Math.max(0, permit.answerBeforeMonotonicMs - clock.monotonicMs());
    const expired = new AbortController();
    const stopped = new AbortController();
    clock.sleep(leftMs, stopped.signal).then(
      () => {
        expired.abort(
          new ExchangeUnavailable(
            `the exchange gave no whole answer to GET ${target} within ${Math.round(leftMs)} ms: try again later`,
          ),
        );
      },
      () => undefined,
    );
    return {
      signal: expired.signal,
      stop: () => {
        stopped.abort();
      },
    };
  }
}
