import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerLeft } from '../api/caller-left';
import { askerOf } from './asker';
import { NativeCandles } from './native-candles';
import { sendNativeAnswer } from './native-reply';
import { readQuestion } from './question/question-parameters';
import { parametersOf } from './question/url-parameters';

/** `GET /api/candles`: candles in the words and forms of our own API. */
@Controller('api/candles')
export class NativeCandlesController {
  constructor(private readonly candles: NativeCandles) {}

  @Get()
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const question = readQuestion(parametersOf(request.url), request.headers.accept);
    const answer = await this.candles.answer(question, askerOf(request), callerLeft(reply));
    sendNativeAnswer(reply, answer);
  }
}
