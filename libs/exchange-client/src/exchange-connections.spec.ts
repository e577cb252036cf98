import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { waitFor } from '../../../test/support/app-process';
import { ExchangeConnections } from './exchange-connections';
import { ExchangeTransport } from './exchange-transport';

/** Key and certificate of `localhost`, for tests alone. */
const localhost = readFileSync(path.join(__dirname, '..', 'testing', 'localhost.pem'));
const LEFT = new Error('the caller left');
/** More than the kernel takes in for a server that does not read, less than it holds back for the sender. */
const LARGE = 400_000;
const SCHEMES = ['http', 'https'] as const;

/** A server that sees its connections bare, and reads from them only when told to. */
class BareServer {
  readonly accepted: Promise<net.Socket>;
  received = '';

  private constructor(
    private readonly server: net.Server,
    readonly url: string,
    event: string,
  ) {
    this.accepted = once(server, event).then(([socket]: net.Socket[]) => this.hold(socket));
  }

  static async start(scheme: (typeof SCHEMES)[number]): Promise<BareServer> {
    const isSecure = scheme === 'https';
    const server = isSecure
      ? tls.createServer({ key: localhost, cert: localhost })
      : net.createServer({ pauseOnConnect: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = addressOf(server);
    const event = isSecure ? 'secureConnection' : 'connection';
    return new BareServer(server, `${scheme}://localhost:${port}`, event);
  }

  /** Reads all that comes. Resolves with how the connection ended: in order, or by which error. */
  async readToTheEnd(): Promise<string> {
    const socket = await this.accepted;
    const ended = new Promise<string>((resolve) => {
      socket.once('end', () => {
        resolve('in order');
      });
      socket.once('error', (error) => {
        resolve('code' in error ? String(error.code) : error.message);
      });
    });
    socket.on('data', (bytes: Buffer) => {
      this.received += bytes.toString('latin1');
    });
    socket.resume();
    return await ended;
  }

  async close(): Promise<void> {
    (await this.accepted).destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private hold(socket: net.Socket | undefined): net.Socket {
    if (socket === undefined) throw new Error('the server announced no socket');
    socket.pause();
    return socket;
  }
}

describe.each(SCHEMES)('a connection whose call is given up, over %s,', (scheme) => {
  let server: BareServer;
  let connections: ExchangeConnections;
  let transport: ExchangeTransport;
  let caller: AbortController;

  beforeEach(async () => {
    server = await BareServer.start(scheme);
    connections = new ExchangeConnections({ ca: localhost });
    transport = new ExchangeTransport(server.url, 'candlekeep/1.2.3', connections);
    caller = new AbortController();
  });

  afterEach(async () => {
    transport.close();
    await server.close();
  });

  it('is reset, not closed', async () => {
    const call = transport.get('/v1/candles', caller.signal).catch(caught);
    const ending = server.readToTheEnd();
    await waitFor(() => {
      expect(server.received).toContain('HTTP/1.1');
    });
    caller.abort(LEFT);
    expect(await call).toBe(LEFT);
    expect(await ending).toBe('ECONNRESET');
  });

  it('delivers nothing any more of a request that lay in the kernel', async () => {
    const call = transport.get(`/v1/candles?${'x'.repeat(LARGE)}`, caller.signal).catch(caught);
    await server.accepted;
    await waitFor(() => {
      expect(unsentBytes()).toEqual([0]);
    });
    caller.abort(LEFT);
    expect(await call).toBe(LEFT);
    await server.readToTheEnd();
    expect(server.received.length).toBeLessThan(LARGE);
    expect(server.received).not.toContain('HTTP/1.1');
  });

  /** What this process has not yet handed to the kernel, for each connection in use. */
  function unsentBytes(): number[] {
    const { httpAgent, httpsAgent } = connections;
    const inUse = [...Object.values(httpAgent.sockets), ...Object.values(httpsAgent.sockets)];
    return inUse.flatMap((sockets = []) =>
      sockets.map((socket) => socket.writableLength + httpsAgent.tcpOf(socket).writableLength),
    );
  }
});

function caught(error: unknown): unknown {
  return error;
}

function addressOf(server: net.Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address;
}
