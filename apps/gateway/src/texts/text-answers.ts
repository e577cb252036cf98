import type { TextAnswer, TextAnswerCache } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import { type FetchRequester, type TextJob, textAnswerName } from '@candlekeep/jobs';
import { CandlekeepError } from '@candlekeep/market';
import type { CacheDirectives } from '../cache-directives';

/** The answer is not cached, or did not arrive in time. */
export class TextAnswerMissing extends CandlekeepError {
  readonly retryable = true;

  constructor(
    readonly code: 'NOT_CACHED' | 'LOAD_TOO_SLOW',
    message: string,
  ) {
    super(message);
  }
}

/** A public question of the exchange that is not about candles. */
export type TextQuestion =
  | { readonly kind: 'markets'; readonly details: boolean }
  | { readonly kind: 'forward'; readonly path: string; readonly query: string };

export interface TextReading extends TextAnswer {
  readonly ageMs: number;
  readonly source: 'l1' | 'exchange';
  /** True when the load that was waited for had been asked by somebody else already. */
  readonly collapsed: boolean;
}

export interface TextAnswersParts {
  readonly cache: TextAnswerCache;
  readonly requester: FetchRequester;
  readonly clock: Clock;
  /** How long a caller waits for the exchange, ms. Default 8,000. */
  readonly patienceMs?: number;
}

/** Below the 10 s after which common clients hang up, so that they learn why. */
const PATIENCE_MS = 8_000;

/** The exchange's own text, at most as old as the caller accepts: from the cache, or through one job for all who ask. */
export class TextAnswers {
  constructor(private readonly parts: TextAnswersParts) {}

  /** Rejects with the worker's reason, or with {@link TextAnswerMissing}. */
  async read(question: TextQuestion, directives: CacheDirectives): Promise<TextReading> {
    const { cache, clock, requester, patienceMs = PATIENCE_MS } = this.parts;
    const deadlineMs = clock.monotonicMs() + patienceMs;
    const name = textAnswerName({ ...question, freshSinceMs: 0 });
    let freshSinceMs: number | undefined;
    let collapsed: boolean | undefined;
    for (;;) {
      const { nowMs, answer } = await cache.find(name);
      freshSinceMs ??= Math.max(0, nowMs - directives.maxAgeMs);
      if (answer !== undefined && answer.seenAtMs >= freshSinceMs && answer.seenAtMs <= nowMs) {
        const source = collapsed === undefined ? 'l1' : 'exchange';
        return { ...answer, ageMs: nowMs - answer.seenAtMs, source, collapsed: collapsed ?? false };
      }
      const waitMs = deadlineMs - clock.monotonicMs();
      refuseToWait(name, waitMs, directives);
      const job: TextJob = { ...question, freshSinceMs };
      const outcome = await requester.request(job, waitMs);
      collapsed ??= outcome.collapsed;
    }
  }
}

function refuseToWait(name: string, waitMs: number, { onlyIfCached }: CacheDirectives): void {
  if (onlyIfCached) {
    throw new TextAnswerMissing('NOT_CACHED', `${name} is not cached; ask without only-if-cached`);
  }
  if (waitMs <= 0) {
    throw new TextAnswerMissing(
      'LOAD_TOO_SLOW',
      `${name} did not arrive from the exchange in time; ask again, and see whether a worker runs`,
    );
  }
}
