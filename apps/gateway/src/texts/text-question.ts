import type { FailureLog, TextAnswer, TextAnswerCache } from '@candlekeep/candle-cache';
import type { Clock } from '@candlekeep/clock';
import type { FetchRequester } from '@candlekeep/jobs';
import { CandlekeepError, type Lane } from '@candlekeep/market';
import type { AnswerOrigin } from '../cache-status';

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

/** What is asked of an answer beside its words; the meanings are those of `CacheDirectives`. */
export interface TextWish {
  readonly maxAgeMs: number;
  readonly onlyIfCached?: boolean;
  readonly maxStaleMs?: number;
  readonly staleIfErrorMs?: number;
  readonly lane: Lane;
  /** How long the caller waits for the exchange, ms. Default: that of `TextAnswersParts`. */
  readonly patienceMs?: number;
}

export interface TextReading extends TextAnswer, AnswerOrigin {
  readonly source: 'l1' | 'exchange';
  readonly asOfMs: number;
  readonly ageMs: number;
}

export interface TextAnswersParts {
  readonly cache: Pick<TextAnswerCache, 'find'>;
  readonly requester: Pick<FetchRequester, 'request'>;
  readonly clock: Clock;
  readonly failures: FailureLog;
  /** How long a caller waits for the exchange, ms. Default 8,000. */
  readonly patienceMs?: number;
}
