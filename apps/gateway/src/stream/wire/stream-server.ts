import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { background } from '@candlekeep/telemetry';
import { FREE_PASS, type StreamPass } from '../../access/stream-passes';
import type { UpgradeAdmission } from '../../access/upgrades';
import { UpbitRefusal } from '../../upbit-refusal';
import { StreamConnection, type StreamConnectionParts } from './stream-connection';

export interface StreamServerParts extends Omit<StreamConnectionParts, 'pass'> {
  /** Origins whose web pages may follow, as for answers; `*` is any. */
  readonly origins: readonly string[];
  /** Whether somebody may follow, whatever page asks, and on what terms. Default: everybody may. */
  readonly admit?: (request: IncomingMessage) => Promise<UpgradeAdmission>;
}

const PATH = '/websocket/v1';
/** Headers that offer another protocol. */
const OFFER = /^(?:connection|upgrade|http2-settings)$/i;
const TICK_MS = 100;
/** A request names at most some thousand codes. */
const MOST_REQUEST_BYTES = 256 * 1_024;
/** Clients that do not answer the close have so long, ms. */
const CLOSE_WITHIN_MS = 2_000;
/** So long whoever was refused may take to read why and hang up, ms. */
const LINGER_MS = 1_000;
const REFUSALS = {
  403: 'Pages of this origin may not follow: the gateway names those that may in CORS_ORIGINS.',
  404: `There is no stream here: it is at ${PATH}.`,
  503: 'This gateway stops: come again.',
  away: 'A part that this takes is away; see /health/ready.',
} as const;

/** A client that wants to follow. */
interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

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
        this.upgrade({ request, socket, head });
      } else {
        answerPlainly(server, request, { socket, head });
      }
    });
    this.upgrades.on('wsClientError', (error, socket) => {
      this.refuse(socket, 400, `${error.message}: expected the handshake of a WebSocket.`);
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

  private upgrade(upgrade: Upgrade): void {
    const { request, socket } = upgrade;
    // A reset before the client is taken: the close that follows says all there is to say.
    const ignore = (): void => undefined;
    socket.on('error', ignore);
    if (pathOf(request) !== PATH) this.refuse(socket, 404, REFUSALS[404]);
    else if (this.isClosing) this.refuse(socket, 503, REFUSALS[503]);
    else if (!this.mayFollow(request)) this.refuse(socket, 403, REFUSALS[403]);
    else background(this.parts.log, 'an upgrade to the stream', this.admit(upgrade));
  }

  private async admit(upgrade: Upgrade): Promise<void> {
    const { request, socket } = upgrade;
    const admission = (await this.parts.admit?.(request).catch((error: unknown) => {
      this.refuse(socket, 503, REFUSALS.away);
      throw error;
    })) ?? { kind: 'admitted', pass: FREE_PASS };
    if (admission.kind === 'refused') {
      const { refusal, retryAfterSeconds } = admission;
      this.refuse(socket, refusal.status, refusal.message, retryAfterSeconds);
      return;
    }
    const { pass } = admission;
    if (socket.destroyed) pass.end();
    socket.once('close', () => {
      pass.end();
    });
    // Who stops meanwhile takes nobody any more.
    if (this.isClosing) this.refuse(socket, 503, REFUSALS[503]);
    else this.take(upgrade, pass);
  }

  /** Who does not hang up then is cut, or would keep the door from closing. */
  private refuse(socket: Duplex, ...refusal: Parameters<typeof refusalText>): void {
    socket.end(refusalText(...refusal));
    const { clock, log } = this.parts;
    const lingering = clock.sleep(LINGER_MS).then(() => socket.destroy());
    background(log, 'a connection whose upgrade was refused', lingering);
  }

  private take({ request, socket, head }: Upgrade, pass: StreamPass): void {
    this.upgrades.handleUpgrade(request, socket, head, (client) => {
      const connection = new StreamConnection(client, socket, { ...this.parts, pass });
      this.connections.add(connection);
      client.on('close', () => this.connections.delete(connection));
      connection.open();
    });
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

function refusalText(status: number, reason: string, retryAfterSeconds?: number): string {
  const body = new UpbitRefusal(status, reason).body();
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json;charset=UTF-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
    ...(status === 400 ? ['Sec-WebSocket-Version: 13, 8'] : []),
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/**
 * Some clients offer HTTP/2 with every request (`Upgrade: h2c`): the offer is not taken, the request is answered. The parser has let go
 * of the connection, body and all, so the request is put before it once more, without the offer.
 */
function answerPlainly(
  server: Server,
  { method, url, rawHeaders }: IncomingMessage,
  { socket, head }: { readonly socket: Duplex; readonly head: Buffer },
): void {
  const lines = rawHeaders.flatMap((name, index) =>
    index % 2 === 1 || OFFER.test(name) ? [] : [`${name}: ${rawHeaders[index + 1]}`],
  );
  const request = [`${method} ${url} HTTP/1.1`, ...lines, 'Connection: close'];
  socket.unshift(Buffer.concat([Buffer.from(`${request.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
