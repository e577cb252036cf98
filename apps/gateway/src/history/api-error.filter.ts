import { CandlekeepError } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { setRetryAfter } from '../retry-after';
import { ApiRefusal, type FieldProblem } from './api-refusal';
import { PROBLEM_TYPE, problemBody } from './problem-body';

interface Problem {
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
}

const AWAY = 'a part that this answer needs is away; see /health/ready';
/** What the framework refuses before a controller sees it. */
const REFUSED: Readonly<Record<number, string>> = {
  400: 'The body is no JSON.',
  413: 'The body is too long.',
  415: 'The body must be application/json.',
};

/** Answers errors of our own API as problem details (RFC 9457). */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, detail, errors = [] } = this.problemOf(error, reply.request.url);
    setRetryAfter(reply, status, error);
    const body = problemBody(status, detail, errors);
    void reply.status(status).header('Content-Type', PROBLEM_TYPE).send(body);
  }

  private problemOf(error: unknown, url: string): Problem {
    if (error instanceof ApiRefusal) {
      return { status: error.status, detail: error.message, errors: error.errors };
    }
    if (error instanceof HttpException) {
      const status = error.getStatus();
      if (status === 404) return { status, detail: `There is nothing at ${url}.` };
      return { status, detail: REFUSED[status] ?? error.message };
    }
    if (error instanceof CandlekeepError) {
      return { status: error.retryable ? 503 : 500, detail: error.message };
    }
    this.log.error('a request failed', { error });
    return { status: 503, detail: AWAY };
  }
}
