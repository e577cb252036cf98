import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { parseCacheDirectives } from '../cache-directives';
import { CLASS_HEADER, parseCallerClass } from '../caller-class';
import { refusals } from '../upbit-refusal';
import { sendUpbitAnswer } from '../upbit-reply';
import { MARKET_LIST_MAX_AGE_MS } from './market-directory';
import { TextAnswers } from './text-answers';

const flag = z.enum(['true', 'false']).optional();
/** `isDetails` is the older spelling, which the exchange still takes. */
const parameters = z.object({ is_details: flag, isDetails: flag });

/** `GET /v1/market/all`, as the exchange printed it, at most a day ago unless the caller asks for less. */
@Controller('v1/market')
export class MarketsController {
  constructor(private readonly answers: TextAnswers) {}

  @Get('all')
  async all(
    @Query() query: unknown,
    @Headers('cache-control') cacheControl: string | undefined,
    @Headers(CLASS_HEADER) callerClass: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const lane = parseCallerClass(callerClass);
    const given = parameters.safeParse(query);
    if (!given.success) throw refusals.typeMismatch();
    const details = (given.data.is_details ?? given.data.isDetails) === 'true';
    const wish = { ...parseCacheDirectives(cacheControl, MARKET_LIST_MAX_AGE_MS), lane };
    sendUpbitAnswer(reply, await this.answers.read({ kind: 'markets', details }, wish));
  }
}
