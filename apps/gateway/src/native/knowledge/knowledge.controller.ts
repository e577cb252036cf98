import { Controller, Get, Headers, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseCacheDirectives } from '../../cache-directives';
import { CLASS_HEADER, parseCallerClass } from '../../caller-class';
import { MARKET_LIST_MAX_AGE_MS } from '../../texts/market-directory';
import { TextAnswers } from '../../texts/text-answers';
import { parametersOf } from '../question/url-parameters';
import { SeriesCoverage } from './series-coverage';
import { readSeries } from './series-parameters';

const list = z.array(
  z.object({ market: z.string(), korean_name: z.string(), english_name: z.string() }),
);

/** `GET /api/coverage` and `GET /api/markets`: what is known, and what there is. */
@Controller('api')
export class KnowledgeController {
  constructor(
    private readonly knowledge: SeriesCoverage,
    private readonly texts: TextAnswers,
  ) {}

  /** Which candles of a market are stored for good. */
  @Get('coverage')
  async coverage(@Req() request: FastifyRequest) {
    const asked = readSeries(parametersOf(request.url));
    const series = await this.knowledge.read(asked);
    return { market: asked.market, series };
  }

  /** Every listed market, by a list that is at most a day old unless the caller asks for less. */
  @Get('markets')
  async markets(
    @Headers('cache-control') cacheControl: string | undefined,
    @Headers(CLASS_HEADER) callerClass: string | undefined,
  ) {
    const terms = parseCacheDirectives(cacheControl, MARKET_LIST_MAX_AGE_MS);
    const wish = { ...terms, lane: parseCallerClass(callerClass) };
    const { body } = await this.texts.read({ kind: 'markets', details: false }, wish);
    return list.parse(JSON.parse(body)).map((listed) => ({
      market: listed.market,
      ...{ koreanName: listed.korean_name, englishName: listed.english_name },
    }));
  }
}
