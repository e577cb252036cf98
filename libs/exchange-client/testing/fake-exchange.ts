import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

/** How a test's exchange answers a request that it has received. */
export type Reply = (response: ServerResponse, request: IncomingMessage) => void;

/** A real HTTP server on loopback that answers as a test says and remembers what it received. */
export class FakeExchange {
  readonly requests: IncomingMessage[] = [];
  private reply: Reply = answer({ body: '[]' });
  private readonly server = http.createServer((request, response) => {
    this.requests.push(request);
    this.reply(response, request);
  });

  static async start(): Promise<FakeExchange> {
    const exchange = new FakeExchange();
    exchange.server.listen(0, '127.0.0.1');
    await once(exchange.server, 'listening');
    return exchange;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server.address())}`;
  }

  /** From now on every request is answered so. */
  answersWith(reply: Reply): void {
    this.reply = reply;
  }

  /** Resolves when the next request has been received. */
  async nextRequest(): Promise<void> {
    await once(this.server, 'request');
  }

  /** Connections that are open now. */
  async connections(): Promise<number> {
    return promisify(this.server.getConnections.bind(this.server))();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** An answer with a Date header of 2026-03-11T14:40:59Z, status 200 and JSON unless told otherwise. */
export function answer(parts: {
  status?: number;
  body: string | Buffer;
  headers?: Record<string, string>;
}): Reply {
  return (response) => {
    response.writeHead(parts.status ?? 200, {
      Date: 'Wed, 11 Mar 2026 14:40:59 GMT',
      'Content-Type': 'application/json;charset=UTF-8',
      ...parts.headers,
    });
    response.end(parts.body);
  };
}

/** A recorded body, see `captures/SOURCES.md`. */
export function capturedBody(name: string): string {
  return readFileSync(path.join(__dirname, '..', 'captures', `${name}.body`), 'utf8');
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
