import { once } from 'node:events';
import net from 'node:net';
import { promisify } from 'node:util';

/** A TCP server on loopback that knows no protocol: it keeps the bytes that it receives and says what a test gives it. */
export class RawServer {
  private readonly sockets = new Set<net.Socket>();
  private readonly server: net.Server;
  private text = '';

  private constructor(onText: (text: string, socket: net.Socket) => void) {
    this.server = net.createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        this.text += bytes.toString('latin1');
        onText(this.text, socket);
      });
    });
  }

  /** `onText` is called with all that was received so far, each byte a character, whenever more has come. */
  static async start(onText: (text: string, socket: net.Socket) => void): Promise<RawServer> {
    const server = new RawServer(onText);
    server.server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    return server;
  }

  /** All that was received, each byte a character. */
  get received(): string {
    return this.text;
  }

  /** Address and port, as a URL names them. */
  get host(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    return `127.0.0.1:${address.port}`;
  }

  /** Resolves when the next connection has been accepted. */
  async nextConnection(): Promise<void> {
    await once(this.server, 'connection');
  }

  /** Connections that are open now. */
  async connections(): Promise<number> {
    return promisify(this.server.getConnections.bind(this.server))();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
