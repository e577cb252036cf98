import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseEventId } from './event-id';
import { openEventWire } from './event-wire';
import { EventStreams } from './event-streams';
import { parseSeries } from './series-parameter';

/** `GET /api/stream`: candles as server-sent events. */
@Controller('api/stream')
export class EventStreamController {
  constructor(private readonly streams: EventStreams) {}

  @Get()
  async stream(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const series = parseSeries(parametersOf(request.url).getAll('series'));
    const lastId = request.headers['last-event-id'];
    const cursors = parseEventId(Array.isArray(lastId) ? lastId.join(',') : lastId);
    await this.streams.require(series);
    const wire = openEventWire(request, reply);
    if (wire === undefined) return;
    const stop = this.streams.begin(series, cursors, wire);
    reply.raw.on('close', stop);
  }
}

function parametersOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}
