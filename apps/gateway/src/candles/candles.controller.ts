import { type CandleAnswer, CandleCache } from '@candlekeep/candle-cache';
import { CandlekeepError, Timeframe } from '@candlekeep/market';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CLASS_HEADER, parseCallerClass } from '../caller-class';
import { CALLER_HEADER, parseCallerName } from '../caller-name';
import { MarketDirectory } from '../texts/market-directory';
import { refusals } from '../upbit-refusal';
import { sendUpbitAnswer } from '../upbit-reply';
import { CandleUsage } from '../usage/candle-usage';
import { type CandleRequest, parseCandleRequest, parseMinuteUnit } from './candle-request';
import { upbitBody } from './upbit-body';

/** The exchange's candle endpoints: same paths, parameters and bytes. */
@Controller('v1/candles')
export class CandlesController {
  constructor(
    private readonly candles: CandleCache,
    private readonly directory: MarketDirectory,
    private readonly usage: CandleUsage,
  ) {}

  @Get('minutes/:unit')
  async minutes(
    @Param('unit') unit: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.answer(() => parseMinuteUnit(unit), request, reply);
  }

  @Get(':period')
  async period(
    @Param('period') period: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const timeframe = periods.get(period);
    if (timeframe === undefined) throw refusals.noRoute();
    await this.answer(() => timeframe, request, reply);
  }

  private async answer(
    timeframe: () => Timeframe,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { headers, socket } = request;
    const asked = parseCandleRequest({
      timeframe,
      parameters: queryOf(request),
      cacheControl: headers['cache-control'],
      caller: parseCallerClass(headers[CLASS_HEADER]),
    });
    const callerName = parseCallerName(headers[CALLER_HEADER], socket.remoteAddress);
    const answer = await this.read(asked, callerName);
    const body = upbitBody(asked.query.series, answer.rows, asked.withConvertedPrice);
    sendUpbitAnswer(reply, { ...answer, body });
  }

  /** Notes the question before it is answered: it was asked now, however long an answer takes and whether one comes. */
  private async read(
    { query, withConvertedPrice }: CandleRequest,
    callerName: string,
  ): Promise<CandleAnswer> {
    const { market } = query.series;
    if (!(await this.directory.mayExist(market, query.caller))) throw refusals.unknownMarket();
    this.usage.note(callerName, query);
    try {
      const answer = await this.candles.read(query);
      // Of a KRW market the converted price is null; other quotes would need the rate of the day. An unknown market comes first.
      if (withConvertedPrice && !market.startsWith('KRW-')) throw refusals.invalidParameter();
      return answer;
    } catch (error) {
      if (error instanceof CandlekeepError && error.code === 'UNKNOWN_MARKET') {
        this.directory.heedUnknown(market);
      }
      throw error;
    }
  }
}

const periods: ReadonlyMap<string, Timeframe> = new Map([
  ['seconds', Timeframe.parse('1s')],
  ['days', Timeframe.parse('1d')],
  ['weeks', Timeframe.parse('1w')],
  ['months', Timeframe.parse('1M')],
  ['years', Timeframe.parse('1y')],
]);

function queryOf({ url }: FastifyRequest): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}
