import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { capturedBody } from './fake-exchange';

/** How a test's exchange refuses an upgrade. */
export interface UpgradeRefusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A real WebSocket server on loopback that sends what a test says and remembers what it received. */
export class FakeStream {
  /** Upgrades that were asked for, refused ones too. */
  readonly upgrades: IncomingMessage[] = [];
  /** Connections that were opened, open or not. */
  readonly sockets: WebSocket[] = [];
  /** Text that was received, in order, over all connections. */
  readonly requests: string[] = [];
  pings = 0;
  /** Set to refuse every further upgrade. */
  refusal: UpgradeRefusal | 'silence' | undefined;
  /** Beneath the streams. */
  readonly http = http.createServer();
  private readonly connections = new Set<Socket>();
  private readonly streams: WebSocketServer;

  private constructor(answersPings: boolean) {
    this.streams = new WebSocketServer({ noServer: true, autoPong: answersPings });
    this.http.on('connection', (socket) => {
      this.connections.add(socket);
    });
    this.http.on('upgrade', (request: IncomingMessage, socket: Socket, head) => {
      this.upgrades.push(request);
      if (this.refusal === 'silence') return;
      if (this.refusal !== undefined) refuse(socket, this.refusal);
      else {
        this.streams.handleUpgrade(request, socket, head, (opened) => {
          this.accept(opened);
        });
      }
    });
  }

  /** `answersPings`: false for an exchange whose process hangs while its socket stays. */
  static async start({ answersPings = true } = {}): Promise<FakeStream> {
    const stream = new FakeStream(answersPings);
    stream.http.listen(0, '127.0.0.1');
    await once(stream.http, 'listening');
    return stream;
  }

  get url(): string {
    const address: AddressInfo | string | null = this.http.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    return `ws://127.0.0.1:${address.port}/websocket/v1`;
  }

  /** The connection that was opened last. */
  get last(): WebSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('nobody has connected yet');
    return socket;
  }

  /** Sends executions of KRW-BTC with these ids. */
  sendTrades(...ids: readonly number[]): void {
    this.send(...ids.map(tradeText));
  }

  /** Sends text as the exchange does: in binary frames. */
  send(...texts: readonly string[]): void {
    for (const text of texts) this.last.send(Buffer.from(text, 'utf8'));
  }

  async close(): Promise<void> {
    for (const socket of this.connections) socket.destroy();
    this.http.close();
    await once(this.http, 'close');
  }

  private accept(socket: WebSocket): void {
    this.sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('ping', () => {
      this.pings += 1;
    });
    socket.on('message', (data) => {
      this.requests.push(Buffer.isBuffer(data) ? data.toString('utf8') : 'in parts');
    });
  }
}

/** A captured execution under another id. */
export function tradeText(id: number): string {
  return CAPTURED_TRADE.replace('17853950437790001', String(id));
}

const CAPTURED_TRADE = z
  .object({ ws_frame: z.string() })
  .parse(JSON.parse(capturedBody('stream-trade'))).ws_frame;

function refuse(socket: Socket, { status, headers = {}, body = '' }: UpgradeRefusal): void {
  const lines = Object.entries({ 'Content-Length': Buffer.byteLength(body), ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} Refused\r\n${head}Connection: close\r\n\r\n${body}`);
}
