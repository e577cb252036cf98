import { CandlekeepError } from '@candlekeep/market';
import type { Logger } from '@candlekeep/telemetry';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { setRetryAfter } from './retry-after';
import { refusals, UpbitRefusal } from './upbit-refusal';
import { setUpbitHeaders } from './upbit-reply';

/** Statuses of errors that have a meaning of their own; every other error of ours is 503 when it may pass, else 500. */
const STATUS: Readonly<Record<string, number>> = {
  EXCHANGE_MALFORMED: 502,
  NOT_CACHED: 504,
  LOAD_TOO_SLOW: 504,
  STORE_TOO_SLOW: 504,
};
const AWAY = 'a part that this answer needs is away; see /health/ready';

/** An error answer of the gateway itself. */
interface OwnError {
  readonly status: number;
  readonly message: string;
}

/**
 * Answers every error. What the exchange refuses is refused in its own words. Our own conditions (5xx) have `error` as a string:
 * clients of the exchange then go by the status and take them for what they are, an exchange that is away for now.
 */
@Catch()
export class UpbitErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof HttpException && error.getStatus() !== 404) {
      void reply.status(error.getStatus()).send(error.getResponse());
      return;
    }
    setUpbitHeaders(reply);
    const refusal = refusalFor(error);
    if (refusal !== undefined) {
      void reply.status(refusal.status).send(refusal.body());
      return;
    }
    const { status, message } = this.ownErrorFor(error);
    setRetryAfter(reply, status, error);
    void reply.status(status).send(JSON.stringify({ error: message }));
  }

  private ownErrorFor(error: unknown): OwnError {
    if (error instanceof CandlekeepError) {
      const status = STATUS[error.code] ?? (error.retryable ? 503 : 500);
      return { status, message: error.message };
    }
    this.log.error('a request failed', { error });
    return { status: 503, message: AWAY };
  }
}

function refusalFor(error: unknown): UpbitRefusal | undefined {
  if (error instanceof UpbitRefusal) return error;
  if (error instanceof HttpException) return refusals.noRoute();
  if (!(error instanceof CandlekeepError)) return undefined;
  if (error.code === 'UNKNOWN_MARKET') return refusals.unknownMarket();
  return undefined;
}
