import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerLeft } from '../../api/caller-left';
import { refuseOtherThanJson } from '../../api/json-only';
import { askerOf } from '../asker';
import { parseBatch } from './batch-request';
import { CandleBatch } from './candle-batch';

/** `POST /api/candles/batch`: many questions in one round trip. */
@Controller('api/candles/batch')
export class CandleBatchController {
  constructor(private readonly batch: CandleBatch) {}

  @Post()
  async read(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    refuseOtherThanJson(request);
    const items = parseBatch(body);
    const answers = await this.batch.answer(items, askerOf(request), callerLeft(reply));
    void reply
      .status(200)
      .headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
      .send(answers);
  }
}
