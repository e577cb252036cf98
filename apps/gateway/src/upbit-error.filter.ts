import { CandlekeepError } from '@candlekeep/market';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { refusals, UpbitRefusal } from './upbit-refusal';

/** Statuses of errors that have a meaning of their own; every other error of ours is 503 when it may pass, else 500. */
const STATUS: Readonly<Record<string, number>> = {
  INVALID_VALUE: 400,
  NOT_CACHED: 504,
  LOAD_TOO_SLOW: 504,
};

/** Answers every error in the exchange's shape, so that clients of the exchange understand it. */
@Catch()
export class UpbitErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof HttpException && error.getStatus() !== 404) {
      void reply.status(error.getStatus()).send(error.getResponse());
      return;
    }
    const refusal = refusalFor(error);
    if (refusal.status === 503) void reply.header('Retry-After', '1');
    void reply
      .status(refusal.status)
      .header('Content-Type', 'application/json;charset=UTF-8')
      .send(refusal.body());
  }
}

function refusalFor(error: unknown): UpbitRefusal {
  if (error instanceof UpbitRefusal) return error;
  if (error instanceof HttpException) return refusals.noRoute();
  if (!(error instanceof CandlekeepError)) {
    return new UpbitRefusal(503, 'a part that this answer needs is away; see /health/ready');
  }
  if (error.code === 'UNKNOWN_MARKET') return refusals.unknownMarket();
  return new UpbitRefusal(STATUS[error.code] ?? (error.retryable ? 503 : 500), error.message);
}
