import { MAX_QUERY_LENGTH } from '@candlekeep/jobs';
import { Controller, Get, Headers, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseCacheDirectives } from '../cache-directives';
import { CLASS_HEADER, parseCallerClass } from '../caller-class';
import { refusals, UpbitRefusal } from '../upbit-refusal';
import { sendUpbitAnswer } from '../upbit-reply';
import { TextAnswers } from './text-answers';

/**
 * The exchange's other public questions, passed on through the workers under their own limit groups, so that a client needs one
 * base URL. Equal questions at the same time are one call; an answer is good for a second.
 */
@Controller('v1')
export class ForwardController {
  constructor(private readonly answers: TextAnswers) {}

  @Get(['ticker', 'ticker/all', 'trades/ticks', 'orderbook', 'orderbook/instruments'])
  async forward(
    @Req() request: FastifyRequest,
    @Headers('cache-control') cacheControl: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const lane = parseCallerClass(request.headers[CLASS_HEADER]);
    const [path = '', ...rest] = request.url.split('?');
    const query = rest.join('?');
    if (query.length > MAX_QUERY_LENGTH) throw refusals.invalidParameter();
    refuseChangeable(query);
    const wish = { ...parseCacheDirectives(cacheControl), lane };
    sendUpbitAnswer(reply, await this.answers.read({ kind: 'forward', path, query }, wish));
  }
}

/** Visible ASCII, save what a URL would not carry as it is: the exchange would be asked something else. */
function refuseChangeable(query: string): void {
  const [character] = /[^!$-&(-;=?-~]/.exec(query) ?? [];
  if (character === undefined) return;
  const shown = JSON.stringify(character);
  throw new UpbitRefusal(400, `The query holds ${shown}: expected it percent-encoded.`);
}
