import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { noteFailure } from '../tracing/noted-failure';
import { isOwnApi } from './problem-body';

/** Errors under `/api` are answered in our own way, all others in the exchange's. */
@Catch()
export class ErrorFilterByPath implements ExceptionFilter {
  constructor(
    private readonly filters: { readonly api: ExceptionFilter; readonly exchange: ExceptionFilter },
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const { request } = host.switchToHttp().getResponse<FastifyReply>();
    noteFailure(request, error);
    const filter = isOwnApi(request.url) ? this.filters.api : this.filters.exchange;
    filter.catch(error, host);
  }
}
