import type { Logger } from '@candlekeep/telemetry';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { setRetryAfter } from './retry-after';
import { ApiProblems } from './api-problems';
import { PROBLEM_TYPE, problemBody } from './problem-body';

/** Answers errors of our own API as problem details (RFC 9457). */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  private readonly problems: ApiProblems;

  constructor(log: Logger) {
    this.problems = new ApiProblems(log);
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, detail, errors = [] } = this.problems.of(error, reply.request.url);
    setRetryAfter(reply, status, error);
    const body = problemBody(status, detail, errors);
    void reply.status(status).header('Content-Type', PROBLEM_TYPE).send(body);
  }
}
