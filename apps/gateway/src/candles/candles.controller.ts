import {
  type EncodedAnswer,
  EncodedPages,
  ownBody,
  type PageQuestion,
} from '@candlekeep/candle-cache';
import { CandlekeepError, Timeframe } from '@candlekeep/market';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { payFor } from '../access/request-principal';
import { CLASS_HEADER, parseCallerClass } from '../caller-class';
import { callerNameOf } from '../caller-name';
import { MarketDirectory } from '../texts/market-directory';
import { refusals } from '../upbit-refusal';
import { entityTagOf, sendUpbitAnswer } from '../upbit-reply';
import { CandleUsage } from '../usage/candle-usage';
import { type CandleRequest, parseCandleRequest, parseMinuteUnit } from './candle-request';
import { UnderstoodQuestions } from './understood-questions';
import { upbitBody } from './upbit-body';

/** The exchange's candle endpoints: same paths, parameters and bytes. */
@Controller('v1/candles')
export class CandlesController {
  constructor(
    private readonly questions: UnderstoodQuestions,
    private readonly pages: EncodedPages,
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
    const question = this.questions.find(request) ?? this.understand(timeframe, request);
    const callerName = callerNameOf(request);
    const answer = await this.read(question, callerName);
    payFor(request, answer.rowCount);
    sendUpbitAnswer(reply, answer);
  }

  private understand(timeframe: () => Timeframe, request: FastifyRequest): PageQuestion {
    const { headers } = request;
    const asked = parseCandleRequest({
      timeframe,
      parameters: queryOf(request),
      cacheControl: headers['cache-control'],
      caller: parseCallerClass(headers[CLASS_HEADER]),
    });
    const question = pageQuestion(asked);
    this.questions.remember(request, question);
    return question;
  }

  /** Notes the question before it is answered: it was asked now, however long an answer takes and whether one comes. */
  private async read(question: PageQuestion, callerName: string): Promise<EncodedAnswer> {
    const { series, caller } = question.query;
    const { market } = series;
    if (!(await this.directory.mayExist(market, caller))) throw refusals.unknownMarket();
    this.usage.note(callerName, question.query);
    try {
      return await this.pages.read(question);
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

/** Of a KRW market the converted price is null; other quotes would need the rate of the day. An unknown market comes first. */
function pageQuestion({ query, withConvertedPrice }: CandleRequest): PageQuestion {
  const { series } = query;
  return {
    query,
    form: withConvertedPrice ? 'v1 KRW' : 'v1',
    encode: ({ rows }) => {
      if (withConvertedPrice && !series.market.startsWith('KRW-'))
        throw refusals.invalidParameter();
      const body = ownBody(upbitBody(series, rows, withConvertedPrice));
      return { body, entityTag: entityTagOf(body) };
    },
  };
}

function queryOf({ url }: FastifyRequest): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}
