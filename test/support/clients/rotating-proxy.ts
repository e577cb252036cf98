import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';

/** Addresses that no other test asks from: 127.0.0.x belongs to the workers and to `House.askExchange`. */
const MANY = Array.from({ length: 250 }, (_, i) => `127.0.1.${1 + i}`);

/**
 * Hands requests on to the exchange unchanged, each from the next of its own loopback addresses: the exchange counts calls per
 * address, and an unmodified client cannot choose one.
 */
export class RotatingProxy {
  private requests = 0;
  private readonly server: Server;

  private constructor(
    private readonly target: string,
    private readonly addresses: readonly string[],
  ) {
    this.server = createServer((request, response) => {
      this.handOn(request, response);
    });
  }

  /** Listens on a free port. With a single address its callers feel the exchange's limit. */
  static async start(target: string, addresses: readonly string[] = MANY): Promise<RotatingProxy> {
    const proxy = new RotatingProxy(target, addresses);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy is closed');
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private handOn(request: IncomingMessage, response: ServerResponse): void {
    const localAddress = this.addresses[this.requests % this.addresses.length]!;
    this.requests += 1;
    const { method = 'GET', url = '/', headers } = request;
    const onward = httpRequest(`${this.target}${url}`, {
      ...{ method, localAddress, agent: false },
      headers: { ...headers, connection: 'close' },
    });
    onward.on('error', () => response.destroy());
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
      pipeline(answer, response, ignore);
    });
    pipeline(request, onward, ignore);
  }
}

function ignore(): void {
  // What breaks on one side has closed the other one; the client sees it.
}
