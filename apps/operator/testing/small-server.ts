import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What was asked of a server: `POST /api/backfills`, and the body. */
export interface Asked {
  readonly line: string;
  readonly body: string;
}

/** A real HTTP server on a port of its own that answers as a test says. */
export class SmallServer {
  readonly asked: Asked[] = [];
  /** What was shown as `Authorization`, by request. */
  readonly keys: (string | undefined)[] = [];
  private readonly server = createServer((request, response) => {
    void this.take(request, response);
  });

  constructor(private readonly answer: (response: ServerResponse, asked: Asked) => void) {}

  /** Resolves with its URL. */
  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('listens on no port');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Ends every connection as well, answered or not. */
  async stop(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = { line: `${request.method} ${request.url}`, body: await text(request) };
    this.asked.push(asked);
    this.keys.push(request.headers.authorization);
    this.answer(response, asked);
  }
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const kind = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'Content-Type': `${kind}; charset=utf-8` });
  response.end(JSON.stringify(body));
}
