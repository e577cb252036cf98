import type { Metrics } from '@candlekeep/telemetry';
import { Controller, type DynamicModule, Get, Headers, Inject, Module, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

const METRICS = Symbol('metrics of the process');

/** `GET /metrics`: what Prometheus reads. */
@Controller('metrics')
class MetricsController {
  constructor(@Inject(METRICS) private readonly metrics: Metrics) {}

  @Get()
  async read(@Headers('accept') accept: string | undefined, @Res() reply: FastifyReply) {
    const { contentType, text } = await this.metrics.expose(accept);
    void reply.headers({ 'content-type': contentType, 'cache-control': 'no-store' }).send(text);
  }
}

/** The metrics of a process. */
@Module({ controllers: [MetricsController] })
export class MetricsModule {
  static with(metrics: Metrics): DynamicModule {
    return { module: MetricsModule, providers: [{ provide: METRICS, useValue: metrics }] };
  }
}
