import { CandlekeepError } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from './api/api-problems';
import { setRetryAfter } from './api/retry-after';
import { refusals, UpbitRefusal } from './upbit-refusal';
import { setUpbitHeaders } from './upbit-reply';

/**
 * Answers every error. What the exchange refuses is refused in its own words. Our own conditions (5xx) have `error` as a string:
 * clients of the exchange then go by the status and take them for what they are, an exchange that is away for now.
 */
@Catch()
export class UpbitErrorFilter implements ExceptionFilter {
  private readonly problems: ApiProblems;

  constructor(log: Logger) {
    this.problems = new ApiProblems(log);
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const own = findOwnBody(error);
    if (own !== undefined) {
      void reply.status(own.status).send(own.body);
      return;
    }
    setUpbitHeaders(reply);
    const refusal = refusalFor(error);
    if (refusal !== undefined) {
      void reply.status(refusal.status).send(refusal.body());
      return;
    }
    const { status, detail } = this.problems.of(error);
    setRetryAfter(reply, status, error);
    const isTheirs = status < 500;
    const body = isTheirs
      ? new UpbitRefusal(status, detail).body()
      : JSON.stringify({ error: detail });
    void reply.status(status).send(body);
  }
}

/** What somebody has thrown as an answer, such as why the process is not ready; the framework's own errors name their status in theirs. */
function findOwnBody(error: unknown): { status: number; body: object } | undefined {
  if (!(error instanceof HttpException)) return undefined;
  const body = error.getResponse();
  if (typeof body === 'string' || 'statusCode' in body) return undefined;
  return { status: error.getStatus(), body };
}

function refusalFor(error: unknown): UpbitRefusal | undefined {
  if (error instanceof UpbitRefusal) return error;
  if (error instanceof HttpException && error.getStatus() === 404) return refusals.noRoute();
  if (!(error instanceof CandlekeepError)) return undefined;
  return error.code === 'UNKNOWN_MARKET' ? refusals.unknownMarket() : undefined;
}
