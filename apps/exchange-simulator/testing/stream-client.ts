import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket, type ClientOptions, type RawData } from 'ws';

/** A frame as it came. */
export interface Received {
  readonly text: string;
  readonly isBinary: boolean;
}

/** A real client of the stream that remembers what it received. */
export class StreamClient {
  readonly received: Received[] = [];
  /** Resolves with the code when the connection has ended. */
  readonly closed: Promise<number>;

  private constructor(
    readonly socket: WebSocket,
    readonly upgrade: IncomingMessage,
  ) {
    socket.on('message', (data: RawData, isBinary) => {
      const text = Buffer.isBuffer(data) ? data.toString() : 'not in one piece';
      this.received.push({ text, isBinary });
    });
    this.closed = new Promise((resolve) => socket.on('close', resolve));
  }

  static async open(url: string, options: ClientOptions = {}): Promise<StreamClient> {
    const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
    const upgraded = new Promise<IncomingMessage>((resolve) => socket.on('upgrade', resolve));
    const client = upgraded.then((upgrade) => new StreamClient(socket, upgrade));
    await once(socket, 'open');
    return client;
  }

  /** Sends a request as text, or as a binary message, and waits until it is answered. */
  async ask(request: unknown, options: { binary?: boolean } = {}): Promise<void> {
    this.socket.send(typeof request === 'string' ? request : JSON.stringify(request), options);
    await this.settle();
  }

  /** Subscribes with a ticket; `wishes` are objects with `type`, `codes` and flags. */
  async subscribe(wishes: readonly object[], format?: string): Promise<void> {
    const ending = format === undefined ? [] : [{ format }];
    await this.ask([{ ticket: 'test' }, ...wishes, ...ending]);
  }

  /** Resolves when everything that was sent to this client so far is here: a pong comes behind it. */
  async settle(): Promise<void> {
    const pong = once(this.socket, 'pong');
    this.socket.ping();
    await pong;
  }

  /** What came since the last call, as text. */
  take(): string[] {
    return this.received.splice(0).map(({ text }) => text);
  }
}

/** The JSON text of a member of a frame, without quotation marks, so that no digit is lost; empty when there is none. */
export function memberOf(frame: string, key: string): string {
  return new RegExp(`"${key}":("?)([^,"}\\]]+)\\1`).exec(frame)?.[2] ?? '';
}
