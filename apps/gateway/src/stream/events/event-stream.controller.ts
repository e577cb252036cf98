import type { ServerResponse } from 'node:http';
import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseEventId } from './event-id';
import type { EventWire } from './event-stream';
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
    // Who has gone meanwhile says nothing any more.
    if (request.raw.socket.destroyed) return;
    void reply.headers(STREAM_HEADERS);
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    reply.hijack();
    reply.raw.writeHead(200);
    if (request.method === 'HEAD') {
      reply.raw.end();
      return;
    }
    const stop = this.streams.begin(series, cursors, wireTo(reply.raw));
    reply.raw.on('close', stop);
  }
}

const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-store',
  // Proxies such as nginx would hold events back.
  'X-Accel-Buffering': 'no',
};

function parametersOf(url: string): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}

function wireTo(response: ServerResponse): EventWire {
  return {
    get unsentBytes() {
      return response.writableLength;
    },
    write: (text) => {
      response.write(text);
    },
    end: (abruptly) => {
      if (abruptly) response.destroy();
      else response.end();
    },
  };
}
