import { type CandleAnswer, CandleCache } from '@candlekeep/candle-cache';
import { Timeframe } from '@candlekeep/market';
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { sendUpbitJson } from '../upbit-reply';
import { refusals } from '../upbit-refusal';
import { parseCandleRequest } from './candle-request';
import { upbitBody } from './upbit-body';

/** The exchange's candle endpoints: same paths, parameters and bytes. */
@Controller('v1/candles')
export class CandlesController {
  constructor(private readonly candles: CandleCache) {}

  @Get('minutes/:unit')
  async minutes(
    @Param('unit') unit: string,
    @Query() query: unknown,
    @Headers('cache-control') cacheControl: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!/^\d{1,9}$/.test(unit)) throw refusals.typeMismatch();
    const timeframe = Timeframe.findMinutes(Number(unit));
    if (timeframe === undefined) throw refusals.invalidUnit();
    await this.answer(timeframe, query, cacheControl, reply);
  }

  @Get(':period')
  async period(
    @Param('period') period: string,
    @Query() query: unknown,
    @Headers('cache-control') cacheControl: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const timeframe = periods.get(period);
    if (timeframe === undefined) throw refusals.noRoute();
    await this.answer(timeframe, query, cacheControl, reply);
  }

  private async answer(
    timeframe: Timeframe,
    rawQuery: unknown,
    cacheControl: string | undefined,
    reply: FastifyReply,
  ): Promise<void> {
    const { query, withConvertedPrice } = parseCandleRequest(timeframe, rawQuery, cacheControl);
    const answer = await this.candles.read(query);
    reply.header('X-Candlekeep-As-Of', String(answer.asOfMs));
    sendUpbitJson(reply, {
      body: upbitBody(query.series, answer.rows, withConvertedPrice),
      cacheStatus: cacheStatusOf(answer),
      ageMs: answer.ageMs,
    });
  }
}

const periods: ReadonlyMap<string, Timeframe> = new Map([
  ['seconds', Timeframe.parse('1s')],
  ['days', Timeframe.parse('1d')],
  ['weeks', Timeframe.parse('1w')],
  ['months', Timeframe.parse('1M')],
  ['years', Timeframe.parse('1y')],
]);

function cacheStatusOf({ source, collapsed }: CandleAnswer): string {
  if (source !== 'exchange') return `hit; detail=${source}`;
  return `fwd=miss; ${collapsed ? 'collapsed; ' : ''}detail=exchange`;
}
