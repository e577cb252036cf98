import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { isOwnApi } from './problem-body';

/** Errors under `/api` are answered in our own way, all others in the exchange's. */
@Catch()
export class ErrorFilterByPath implements ExceptionFilter {
  constructor(
    private readonly filters: { readonly api: ExceptionFilter; readonly exchange: ExceptionFilter },
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const { url } = host.switchToHttp().getResponse<FastifyReply>().request;
    const filter = isOwnApi(url) ? this.filters.api : this.filters.exchange;
    filter.catch(error, host);
  }
}
