import type { Clock } from '@candlekeep/clock';
import { type CallEnding, NoPermit, type Permit, type RateLimiter } from '@candlekeep/rate-limiter';
import { background, inSpan, type Logger, type Span } from '@candlekeep/telemetry';
import { endingOf } from './call-ending';
import { spanOfCall, tellAnswer } from './call-span';
import type { CallTerms } from './call-terms';
import { ExchangePaused, LimiterUnavailable } from './exchange-error';
import type { ExchangeAnswer, ExchangeTransport } from './exchange-transport';
import { GiveUp } from './give-up';
import type { LimitGroup } from './limit-group';

/** What the client needs of a limiter of one group. */
export type CallLimiter = Pick<RateLimiter, 'take' | 'release'>;

export interface MeteredCallsOptions {
  readonly group: LimitGroup;
  readonly limiter: CallLimiter;
  readonly transport: Pick<ExchangeTransport, 'get'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Hears of each call that was sent. */
  readonly onEnd?: (call: EndedCall) => void;
}

/** A call that was sent, and how it ended. */
export interface EndedCall {
  readonly outcome: CallEnding['kind'];
  /** As its demand said at its end; 0 is the most urgent. */
  readonly rank: number;
  readonly tookMs: number;
}

/** A call that was answered. */
export interface MeteredCall {
  readonly answer: ExchangeAnswer;
  /** When it was sent, by this process' monotonic clock, ms. */
  readonly askedMonotonicMs: number;
  /** For how long no call is granted because of a 429 or 418, ms; missing for any other answer, and when the limiter did not say. */
  readonly pausedMs?: number;
}

interface SendTerms {
  readonly signal: AbortSignal;
  readonly told: (outcome: EndedCall['outcome']) => void;
}

/** A limiter that cannot be reached is told of a refusal once a second, for a minute. */
const TELL_AGAIN_MS = 1_000;
const MOST_TELLINGS = 60;

/** Every send takes its own permit, keeps within the permit's time, and tells the limiter how it ended. */
export class MeteredCalls {
  constructor(private readonly options: MeteredCallsOptions) {}

  /**
   * Waits for a permit, then sends `target` once, and gives it up when the signal aborts or the permit's time is over. Nobody learns of
   * a 429 or 418 before the limiter has. Rejects with {@link ExchangePaused} when no permit can be had in time, with
   * {@link LimiterUnavailable}, with {@link ExchangeUnavailable} on time-out, with the caller's reason, or as the transport does.
   */
  async run(target: string, terms: CallTerms): Promise<MeteredCall> {
    const { group, clock } = this.options;
    const wantedMonotonicMs = clock.monotonicMs();
    const permit = await this.takeFresh(terms);
    const waitedMs = clock.monotonicMs() - wantedMonotonicMs;
    const start = spanOfCall(target, { group, rank: terms.demand.rank, waitedMs });
    return await inSpan(start, (span) => this.runWith(permit, target, { ...terms, span }));
  }

  private async runWith(
    permit: Permit,
    target: string,
    { span, ...terms }: CallTerms & { readonly span: Span },
  ): Promise<MeteredCall> {
    const askedMonotonicMs = this.options.clock.monotonicMs();
    const told = (outcome: EndedCall['outcome']): void => {
      const tookMs = this.options.clock.monotonicMs() - askedMonotonicMs;
      this.options.onEnd?.({ outcome, rank: terms.demand.rank, tookMs });
    };
    const answer = await this.send(target, permit, { signal: terms.signal, told });
    tellAnswer(span, answer);
    const ending = endingOf(answer);
    told(ending.kind);
    if (ending.kind !== 'rate-limited' && ending.kind !== 'banned') {
      this.release(permit, ending);
      return { answer, askedMonotonicMs };
    }
    const pausedMs = await this.tellRefusal(permit, ending);
    return { answer, askedMonotonicMs, ...(pausedMs === undefined ? {} : { pausedMs }) };
  }

  private async send(
    target: string,
    permit: Permit,
    { signal, told }: SendTerms,
  ): Promise<ExchangeAnswer> {
    const { clock, transport } = this.options;
    const giveUp = new GiveUp(permit, target, clock);
    giveUp.follow(signal);
    try {
      return await transport.get(target, giveUp.signal);
    } catch (error) {
      const kind = giveUp.kind ?? 'failed';
      told(kind);
      this.release(permit, { kind });
      throw error;
    } finally {
      giveUp.stop();
    }
  }

  /** A permit that may still be used: its reply can have been late, and the caller can have left while it was waited for. */
  private async takeFresh(terms: CallTerms): Promise<Permit> {
    for (;;) {
      const permit = await this.take(terms);
      const isFresh = this.options.clock.monotonicMs() < permit.sendBeforeMonotonicMs;
      if (isFresh && !terms.signal.aborted) return permit;
      this.release(permit, { kind: 'unused' });
      terms.signal.throwIfAborted();
    }
  }

  private async take({ signal, demand }: CallTerms): Promise<Permit> {
    try {
      return await this.options.limiter.take(signal, demand);
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof NoPermit) throw new ExchangePaused(cause);
      const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
      throw new LimiterUnavailable(
        `no permit to call the exchange, because the limiter gave no answer (${reason}): check its Redis (REDIS_URL)`,
        { cause },
      );
    }
  }

  /** Not waited for: one that gets lost costs the rest of the lease, nothing else. */
  private release(permit: Permit, ending: CallEnding): void {
    const { limiter, log } = this.options;
    background(log, `ending a permit (${ending.kind})`, limiter.release(permit, ending));
  }

  /** Other workers may reach the limiter although this one does not: they must hear of it, so it is told until it is heard. */
  private async tellRefusal(permit: Permit, ending: CallEnding): Promise<number | undefined> {
    const { limiter, log } = this.options;
    try {
      return await limiter.release(permit, ending);
    } catch (error) {
      log.error(
        `the limiter could not be told that the exchange refused a call (${ending.kind}); it will be told again`,
        { error },
      );
      background(log, `telling the limiter of a refusal`, this.tellAgain(permit, ending));
      return undefined;
    }
  }

  /** Told twice lengthens the rest of one slot, nothing else. */
  private async tellAgain(permit: Permit, ending: CallEnding): Promise<void> {
    const { limiter, clock } = this.options;
    for (let tries = 1; ; tries += 1) {
      await clock.sleep(TELL_AGAIN_MS);
      try {
        await limiter.release(permit, ending);
        return;
      } catch (error) {
        if (tries === MOST_TELLINGS) throw error;
      }
    }
  }
}
