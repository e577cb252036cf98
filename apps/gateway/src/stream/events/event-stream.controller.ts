import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StreamPasses } from '../../access/stream-passes';
import { takePass } from '../../access/take-pass';
import { parseEventId } from './event-id';
import { openEventWire } from './event-wire';
import { EventStreams } from './event-streams';
import { parseSeries } from './series-parameter';

/** `GET /api/stream`: candles as server-sent events. */
@Controller('api/stream')
export class EventStreamController {
  constructor(
    private readonly streams: EventStreams,
    private readonly passes: StreamPasses,
  ) {}

  @Get()
  async stream(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const series = parseSeries(parametersOf(request.url).getAll('series'));
    const lastId = request.headers['last-event-id'];
    const cursors = parseEventId(Array.isArray(lastId) ? lastId.join(',') : lastId);
    await this.streams.require(series);
    const pass = takePass(this.passes, request, reply);
    const wire = openEventWire(request, reply);
    if (wire === undefined) pass.end();
    else reply.raw.on('close', this.streams.begin({ series, cursors, wire, pass }));
  }
}

function parametersOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}
