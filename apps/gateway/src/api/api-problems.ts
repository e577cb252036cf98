import { FailureLog } from '@candlekeep/candle-cache';
import { type Clock, SystemClock } from '@candlekeep/clock';
import { CandlekeepError } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { HttpException } from '@nestjs/common';
import { UpbitRefusal } from '../upbit-refusal';
import { ApiRefusal, type FieldProblem } from './api-refusal';
import { CallerHungUp, isAborted } from './caller-left';
import { failureStatus } from './failure-status';

/** What went wrong, as our own API says it. */
export interface Problem {
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
}

const FAILED = 'a request failed';
const AWAY = 'a part that this answer needs is away; see /health/ready';
/** What the framework refuses before a controller sees it. */
const REFUSED: Readonly<Record<number, string>> = {
  413: 'The body is too long: 1 MB at most.',
  415: 'The body must be application/json.',
};

/** Errors as problems; one that nobody raised on purpose is logged, and its likes are counted until it is over. */
export class ApiProblems {
  private readonly failures: FailureLog;

  constructor(log: Logger, clock: Clock = new SystemClock()) {
    this.failures = new FailureLog({ log, clock });
  }

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
      return { status: failureStatus(error), detail: error.message };
    }
    // Nobody reads it, and nothing is amiss.
    if (error instanceof CallerHungUp) return { status: 503, detail: error.message };
    if (isAborted(error)) return { status: 400, detail: 'The body has not come to its end.' };
    this.failures.heed(FAILED, error);
    return { status: 503, detail: AWAY };
  }
}
