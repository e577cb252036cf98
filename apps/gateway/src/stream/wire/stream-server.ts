import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { StreamConnection, type StreamConnectionParts } from './stream-connection';

export interface StreamServerParts extends StreamConnectionParts {
  /** Origins whose web pages may follow, as for answers; `*` is any. */
  readonly origins: readonly string[];
}

const PATH = '/websocket/v1';
const TICK_MS = 100;
/** A request names at most some thousand codes. */
const MOST_REQUEST_BYTES = 256 * 1_024;
/** Clients that do not answer the close have so long, ms. */
const CLOSE_WITHIN_MS = 2_000;
const REFUSALS = {
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
} as const;

/** The exchange's stream at `/websocket/v1`, on the server that answers its REST questions. */
export class StreamServer {
  private readonly upgrades = new WebSocketServer({
    ...{ noServer: true, perMessageDeflate: false, autoPong: false },
    maxPayload: MOST_REQUEST_BYTES,
  });
  private readonly connections = new Set<StreamConnection>();
  private isClosing = false;
  private stopTicking: () => void = () => undefined;

  constructor(private readonly parts: StreamServerParts) {}

  /** Takes the upgrades of an HTTP server. */
  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (request.headers.upgrade?.toLowerCase() === 'websocket') {
        this.upgrade(request, socket, head);
      } else {
        answerPlainly(server, request, socket);
      }
    });
    this.stopTicking = this.parts.clock.every(TICK_MS, () => {
      for (const connection of this.connections) connection.tick();
    });
  }

  /** Clients that follow now. */
  get connectionCount(): number {
    return this.connections.size;
  }

  /** The frames that wait for clients that do not keep up. */
  get waitingFrames(): number {
    return [...this.connections].reduce((sum, { waitingFrames }) => sum + waitingFrames, 0);
  }

  /** Takes no new clients and says good-bye to those that there are. */
  async close(): Promise<void> {
    this.isClosing = true;
    for (const connection of this.connections) connection.goAway();
    const { clock } = this.parts;
    const untilMs = clock.monotonicMs() + CLOSE_WITHIN_MS;
    while (this.connections.size > 0 && clock.monotonicMs() < untilMs) await clock.sleep(20);
    for (const connection of this.connections) connection.cut();
    this.stopTicking();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A reset before the client is taken: the close that follows says all there is to say.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    if (pathOf(request) !== PATH) refuse(socket, 404);
    else if (this.isClosing) refuse(socket, 503);
    else if (!this.mayFollow(request)) refuse(socket, 403);
    else {
      this.upgrades.handleUpgrade(request, socket, head, (client) => {
        const connection = new StreamConnection(client, socket, this.parts);
        this.connections.add(connection);
        client.on('close', () => this.connections.delete(connection));
        connection.open();
      });
    }
  }

  /** Browsers let any page open a WebSocket and say whose page it is: it is up to the server to refuse. */
  private mayFollow({ headers: { origin, host } }: IncomingMessage): boolean {
    if (origin === undefined) return true;
    const { origins } = this.parts;
    return origins.includes('*') || origins.includes(origin) || hostOf(origin) === host;
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?');
  return path;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function refuse(socket: Duplex, status: keyof typeof REFUSALS): void {
  socket.end(
    `HTTP/1.1 ${status} ${REFUSALS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

/** Some clients offer HTTP/2 with every request (`Upgrade: h2c`): the offer is not taken, the request is answered. */
function answerPlainly(server: Server, request: IncomingMessage, socket: Duplex): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(request.socket);
  response.on('finish', () => {
    socket.end();
  });
  server.emit('request', request, response);
}
