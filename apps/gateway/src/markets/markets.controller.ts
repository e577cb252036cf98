import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { refusals } from '../upbit-refusal';
import { sendUpbitJson } from '../upbit-reply';
import { MarketList } from './market-list';

const flag = z.enum(['true', 'false']).optional();
/** `isDetails` is the older spelling, which the exchange still takes. */
const parameters = z.object({ is_details: flag, isDetails: flag });

/** `GET /v1/market/all`, as the exchange prints it. */
@Controller('v1/market')
export class MarketsController {
  constructor(private readonly markets: MarketList) {}

  @Get('all')
  async all(@Query() query: unknown, @Res() reply: FastifyReply): Promise<void> {
    const given = parameters.safeParse(query);
    if (!given.success) throw refusals.typeMismatch();
    const details = (given.data.is_details ?? given.data.isDetails) === 'true';
    const { body, ageMs, isLoaded } = await this.markets.read(details);
    const cacheStatus = isLoaded ? 'fwd=miss; detail=exchange' : 'hit; detail=l1';
    sendUpbitJson(reply, { body, cacheStatus, ageMs });
  }
}
