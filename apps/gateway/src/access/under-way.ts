import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { type GateRefusal, sendGateRefusal } from './gate-refusal';
import { type KeyLoad, SocketLine } from './socket-line';

declare module 'fastify' {
  interface FastifyRequest {
    /** The line of its connection, while it has a place there. */
    line: SocketLine | undefined;
    /** What its key has under way, while it counts there. */
    load: KeyLoad | undefined;
  }
}

/** Requests of one key that are answered at once: a hundred calculators that ask for two series each at a close fit in; fewer than keep a gateway from all others. */
export const MOST_OF_KEY = 256;
/** A connection over which nothing went for so long while an answer was under way is ended, ms: nobody reads it. */
const UNREAD_MS = 60_000;

const TOO_MANY: GateRefusal = {
  ...{ status: 429, exchangeName: 429 },
  detail: `This key has ${MOST_OF_KEY} requests under way already: ask again when some are answered.`,
  headers: { 'retry-after': '1' },
};

/** Bounds what one caller has under way, whatever it asks and whether it reads the answers. */
export class UnderWay {
  private readonly lines = new WeakMap<Socket, SocketLine>();
  private readonly loads = new Map<string, KeyLoad>();

  constructor(private readonly unreadMs = UNREAD_MS) {}

  /** Has every request wait for its turn on its connection. To be called before whatever works for requests. */
  attachLines(app: NestFastifyApplication): void {
    const server = app.getHttpAdapter().getInstance();
    server.decorateRequest('line');
    server.decorateRequest('load');
    server.addHook('onRequest', (request, _reply, done) => {
      const line = this.lineOf(request.raw.socket);
      request.line = line;
      line.enter(done);
    });
    server.addHook('onResponse', (request, _reply, done) => {
      leavePlace(request);
      done();
    });
    this.endUnread(app.getHttpServer());
  }

  /** Refuses what is too much of one key. To be called behind the gate, which tells whose it is. */
  attachKeys(app: NestFastifyApplication): void {
    const server = app.getHttpAdapter().getInstance();
    server.addHook('onRequest', (request, reply, done) => {
      if (request.allowance === undefined) {
        done();
        return;
      }
      const load = this.loadOf(request.principal.id);
      if (load.count >= MOST_OF_KEY) sendGateRefusal(reply, TOO_MANY);
      // The quota may have been asked for: whoever hung up meanwhile is not answered.
      else if (request.line?.hold(load) === true) {
        request.load = load;
        done();
      }
    });
  }

  /** Ends connections whose answers nobody reads. An answer that takes its time has nothing unsent, and is waited for. */
  endUnread(server: Server): void {
    server.setTimeout(this.unreadMs, (socket) => {
      const isAwaited = this.lines.get(socket)?.isBusy === true && socket.writableLength === 0;
      if (!isAwaited) socket.destroy();
    });
  }

  private loadOf(id: string): KeyLoad {
    return this.loads.get(id) ?? this.newLoad(id);
  }

  private newLoad(id: string): KeyLoad {
    const load = { count: 0 };
    this.loads.set(id, load);
    return load;
  }

  private lineOf(socket: Socket): SocketLine {
    const known = this.lines.get(socket);
    if (known !== undefined) return known;
    const line = new SocketLine(socket);
    this.lines.set(socket, line);
    return line;
  }
}

/** What a request has taken is free again: it is answered, or its answer goes on without end and is counted elsewhere. */
export function leavePlace(request: FastifyRequest): void {
  const { line, load } = request;
  request.line = undefined;
  request.load = undefined;
  line?.leave(load);
}
