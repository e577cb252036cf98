import { CandlekeepError } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { HttpException } from '@nestjs/common';
import { UpbitRefusal } from '../upbit-refusal';
import { ApiRefusal, type FieldProblem } from './api-refusal';
import { CallerHungUp } from './caller-left';

/** What went wrong, as our own API says it. */
export interface Problem {
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
}

const AWAY = 'a part that this answer needs is away; see /health/ready';
/** Statuses of errors that have a meaning of their own; every other error of ours is 503 when it may pass, else 500. */
const STATUS: Readonly<Record<string, number>> = {
  UNKNOWN_MARKET: 404,
  EXCHANGE_MALFORMED: 502,
  NOT_CACHED: 504,
  LOAD_TOO_SLOW: 504,
  STORE_TOO_SLOW: 504,
};
/** What the framework refuses before a controller sees it. */
const REFUSED: Readonly<Record<number, string>> = {
  400: 'The body is no JSON.',
  413: 'The body is too long.',
  415: 'The body must be application/json.',
};

/** Errors as problems; one that nobody raised on purpose is logged. */
export class ApiProblems {
  constructor(private readonly log: Logger) {}

  /** @param url where there is nothing, if that is what went wrong */
  of(error: unknown, url = ''): Problem {
    if (error instanceof ApiRefusal) {
      return { status: error.status, detail: error.message, errors: error.errors };
    }
    // Headers that both APIs read are refused in the same words.
    if (error instanceof UpbitRefusal) return { status: error.status, detail: error.message };
    if (error instanceof HttpException) {
      const status = error.getStatus();
      if (status === 404) return { status, detail: `There is nothing at ${url}.` };
      return { status, detail: REFUSED[status] ?? error.message };
    }
    if (error instanceof CandlekeepError) {
      const status = STATUS[error.code] ?? (error.retryable ? 503 : 500);
      return { status, detail: error.message };
    }
    // Nobody reads it, and nothing is amiss.
    if (error instanceof CallerHungUp) return { status: 503, detail: error.message };
    this.log.error('a request failed', { error });
    return { status: 503, detail: AWAY };
  }
}
