import { ManualClock } from '@candlekeep/clock';
import { Metrics } from '@candlekeep/telemetry';
import { Controller, Get, HttpException, Module, Post, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { AnswerTally } from './answer-tally';
import { RequestTally } from './request-tally';
import { tellAnswer } from './told-answer';

const answer = { source: 'l2', ageMs: 0, staleMs: 0 } as const;

@Controller()
class Routes {
  @Get('v1/candles/minutes/:unit')
  candles(@Res() reply: FastifyReply): void {
    tellAnswer(reply, answer);
    void reply.send('[]');
  }

  @Get('v1/fails')
  fails(): never {
    throw new HttpException('no', 503);
  }

  @Post('api/candles/batch')
  batch(@Res() reply: FastifyReply): void {
    tellAnswer(reply, answer);
    void reply.status(200).send('{}');
  }

  @Get('api/live')
  live(): string {
    return 'steady';
  }
}

@Module({ controllers: [Routes] })
class RoutesModule {}

describe('what is counted of requests', () => {
  let app: NestFastifyApplication;
  let metrics: Metrics;
  let answers: AnswerTally;

  beforeEach(async () => {
    metrics = new Metrics('gateway', new ManualClock());
    answers = new AnswerTally(metrics);
    app = await NestFactory.create<NestFastifyApplication>(RoutesModule, new FastifyAdapter(), {
      logger: false,
    });
    new RequestTally(metrics, answers).attach(app);
    await app.init();
  });
  afterEach(() => app.close());

  const ask = (url: string, method: 'GET' | 'POST' = 'GET') => app.inject({ url, method });
  const told = async (): Promise<string> => (await metrics.expose(undefined)).text;
  const requests = (route: string, source: string, status: number): string =>
    `candlekeep_http_requests_total{route="${route}",source="${source}",status="${status}"}`;

  it('is the route and not the URL, so that callers cannot make series', async () => {
    for (const unit of [1, 5, 15]) await ask(`/v1/candles/minutes/${unit}?market=KRW-BTC`);
    for (const path of ['/wp-admin', '/%00', `/${'x'.repeat(500)}`]) await ask(path);
    const text = await told();
    expect(text).toContain(`${requests('/v1/candles/minutes/:unit', 'l2', 200)} 3\n`);
    expect(text).toContain(`${requests('none', 'none', 404)} 3\n`);
    expect(text.match(/^candlekeep_http_requests_total\{/gm)).toHaveLength(2);
  });

  it('is how long each took, by route and tier', async () => {
    await ask('/v1/candles/minutes/1');
    await ask('/api/live');
    const text = await told();
    const count = 'candlekeep_http_request_duration_seconds_count';
    expect(text).toContain(`${count}{route="/v1/candles/minutes/:unit",source="l2"} 1\n`);
    expect(text).toContain(`${count}{route="/api/live",source="none"} 1\n`);
  });

  it('is one question a request, in the form of the exchange', async () => {
    await ask('/v1/candles/minutes/1');
    expect([answers.bySource.l2.value, answers.refusals.value]).toEqual([1, 0]);
  });

  it('is no question where each of a batch is counted by itself', async () => {
    await ask('/api/candles/batch', 'POST');
    expect(answers.bySource.l2.value).toBe(0);
    expect(await told()).toContain(`${requests('/api/candles/batch', 'l2', 200)} 1\n`);
  });

  it('is a refused question, where there was one', async () => {
    await ask('/v1/fails');
    await ask('/api/nothing');
    expect(answers.refusals.value).toBe(1);
    expect(await told()).toContain(`${requests('/v1/fails', 'none', 503)} 1\n`);
  });
});
