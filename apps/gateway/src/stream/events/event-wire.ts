import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { leavePlace } from '../../access/under-way';

/** What leads to a client of server-sent events. */
export interface EventWire {
  /** Bytes that it has taken and not passed on. */
  readonly unsentBytes: number;
  write(text: string): void;
  /** Ends it; `abruptly` without waiting for what is unsent. */
  end(abruptly: boolean): void;
}

const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-store',
  // Proxies such as nginx would hold events back.
  'X-Accel-Buffering': 'no',
  // No other request follows on a connection whose rules are a stream's.
  Connection: 'close',
};

/** Answers with a stream of events from now on; undefined for whoever has gone meanwhile, or wants the head alone. */
export function openEventWire(request: FastifyRequest, reply: FastifyReply): EventWire | undefined {
  if (request.raw.socket.destroyed) return undefined;
  void reply.headers(STREAM_HEADERS);
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.hijack();
  leavePlace(request);
  // Streams have rules of their own for clients that do not read.
  request.raw.socket.setTimeout(0);
  reply.raw.writeHead(200);
  if (request.method !== 'HEAD') return wireTo(reply.raw);
  reply.raw.end();
  return undefined;
}

/** One event; `data` is told as JSON. */
export function eventText(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n`;
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
