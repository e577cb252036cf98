import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

interface Way {
  readonly near: Socket;
  readonly far: Socket;
}

/** A way to a server on which answers can get lost, or come late, without a connection breaking. */
export class MutedProxy {
  private readonly ways = new Set<Way>();

  private constructor(
    private readonly target: URL,
    private readonly server: Server,
  ) {}

  static async open(target: string): Promise<MutedProxy> {
    const server = createServer();
    const proxy = new MutedProxy(new URL(target), server);
    server.on('connection', (near) => {
      proxy.join(near);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** The target's URL by this way. */
  get url(): string {
    const url = new URL(this.target);
    const address = this.server.address();
    url.hostname = '127.0.0.1';
    if (address !== null && typeof address === 'object') url.port = String(address.port);
    return url.href;
  }

  get wayCount(): number {
    return this.ways.size;
  }

  /** From now on nothing comes back on the connections that there are; new ones are as ever. */
  mute(): void {
    for (const { near, far } of this.ways) far.unpipe(near);
  }

  /** What was held back comes, and all that follows. */
  unmute(): void {
    for (const { near, far } of this.ways) far.pipe(near);
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const { near, far } of this.ways) {
      near.destroy();
      far.destroy();
    }
    await closed;
  }

  private join(near: Socket): void {
    const way = { near, far: connect(Number(this.target.port), this.target.hostname) };
    this.ways.add(way);
    for (const socket of [near, way.far]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.ways.delete(way);
        near.destroy();
        way.far.destroy();
      });
    }
    near.pipe(way.far);
    way.far.pipe(near);
  }
}
