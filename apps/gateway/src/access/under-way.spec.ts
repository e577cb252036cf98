import { once } from 'node:events';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Allowance, quotaOf } from '@candlekeep/access';
import { SystemClock } from '@candlekeep/clock';
import { type HttpDoor, openHttpDoor } from '@candlekeep/lifecycle';
import { silentLogger } from '@candlekeep/telemetry';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { waitFor } from '../../../../test/support/app-process';
import { MOST_OF_SOCKET } from './socket-line';
import { MOST_OF_KEY, UnderWay } from './under-way';

@Module({})
class NothingModule {}

const clock = new SystemClock();
const BIG = Buffer.alloc(4_000_000, 'x');
const UNREAD_MS = 400;
/** As a gateway's own, but for idle connections. */
const LIMITS = {
  ...{ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 300 },
  connectionsCheckingInterval: 2_000,
};

/** Grants everything. */
const allowance = new Allowance({
  ...{ keyId: 'abcd2345', quota: quotaOf(), clock, log: silentLogger },
  counters: {
    draw: () => Promise.resolve({ kind: 'granted', remaining: 1, resetMs: 1 }),
    settle: () => Promise.resolve(),
  },
});

/** A door whose `/slow` answers when it is told to, and whose `/big` answers at once with more than a connection holds. */
class Rig {
  readonly begun: string[] = [];
  most = 0;
  /** Requests that the quota is asked for. */
  drawing = 0;
  /** When the quota has been asked. Undefined: it need not be. */
  drawn: Promise<void> | undefined;
  private readonly ends: (() => void)[] = [];
  private readonly sockets: Socket[] = [];
  private door: HttpDoor | undefined;

  async open(unreadMs?: number): Promise<void> {
    const underWay = new UnderWay(unreadMs);
    const prepare = (app: NestFastifyApplication): void => {
      underWay.attachLines(app);
      const server = app.getHttpAdapter().getInstance();
      server.decorateRequest('principal');
      server.decorateRequest('allowance');
      server.addHook('onRequest', (request, _reply, done) => {
        request.principal = { kind: 'key', id: 'abcd2345', name: 'x', scopes: ['read'] };
        if (!request.url.startsWith('/health')) request.allowance = allowance;
        if (this.drawn === undefined) {
          done();
          return;
        }
        this.drawing += 1;
        this.drawn.then(() => {
          done();
        }, done);
      });
      underWay.attachKeys(app);
      server.get('/slow/:name', async ({ url }) => await this.slow(url));
      server.get('/big', () => BIG);
      server.get('/health', () => 'ok');
    };
    this.door = await openHttpDoor(
      { module: NothingModule },
      { limits: LIMITS, host: '127.0.0.1', port: 0, clock, prepare },
    );
  }

  get url(): string {
    return this.door?.url ?? '';
  }

  get waiting(): number {
    return this.ends.length;
  }

  /** Answers all that is under way. */
  answer(): void {
    for (const end of this.ends.splice(0)) end();
  }

  async send(paths: readonly string[]): Promise<Socket> {
    const socket = connect(Number(new URL(this.url).port), '127.0.0.1');
    this.sockets.push(socket.on('error', () => undefined));
    await once(socket, 'connect');
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
    return socket;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.answer();
    await this.door?.close();
  }

  private async slow(url: string): Promise<string> {
    this.begun.push(url);
    await new Promise<void>((resolve) => {
      this.ends.push(resolve);
      this.most = Math.max(this.most, this.ends.length);
    });
    return `<${url}>`;
  }
}

async function statusOf(url: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    const asked = get(url, { agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
  });
}

describe('what one caller has under way', () => {
  let rig: Rig;
  const names = (count: number) => Array.from({ length: count }, (_, i) => `/slow/${i}`);

  beforeEach(async () => {
    rig = new Rig();
    await rig.open();
  });
  afterEach(async () => {
    await rig.close();
  });

  it('is so much of a connection, whatever is sent ahead; the rest is answered in its turn', async () => {
    const asked = names(1_000);
    const socket = await rig.send(asked);
    let text = '';
    socket.on('data', (piece: Buffer) => (text += piece.toString()));
    await waitFor(() => {
      rig.answer();
      expect(rig.begun).toHaveLength(asked.length);
      expect(text).toContain('</slow/999>');
    }, 10_000);
    expect(rig.most).toBe(MOST_OF_SOCKET);
    expect(text.match(/<.*?>/g)).toEqual(asked.map((path) => `<${path}>`));
  }, 15_000);

  it('is not read from a connection beyond what waits there', async () => {
    const path = `/slow/a?${'x'.repeat(4_000)}`;
    const socket = await rig.send(Array.from({ length: 5_000 }, () => path));
    await waitFor(() => {
      expect(rig.begun).toHaveLength(MOST_OF_SOCKET);
    });
    await clock.sleep(300);
    expect(socket.writableLength).toBeGreaterThan(5_000_000);
  });

  it('is so much of a key, which is told so at once, and keeps nobody from asking for the health', async () => {
    const sockets = await Promise.all(
      Array.from({ length: MOST_OF_KEY / 8 }, async () => await rig.send(names(8))),
    );
    await waitFor(() => {
      expect(rig.waiting).toBe(MOST_OF_KEY);
    });
    expect(await statusOf(`${rig.url}/slow/more`)).toBe(429);
    expect(await statusOf(`${rig.url}/health`)).toBe(200);
    sockets[0]?.destroy();
    await waitFor(async () => {
      const asked = statusOf(`${rig.url}/big`);
      expect(await asked).toBe(200);
    });
  });

  it('is nothing any more when it is answered, or its connection has gone', async () => {
    for (let round = 0; round < 3; round += 1) {
      const sockets = await Promise.all(
        Array.from({ length: MOST_OF_KEY / 8 }, async () => await rig.send(names(8))),
      );
      await waitFor(() => {
        expect(rig.waiting).toBe(MOST_OF_KEY);
      });
      if (round === 1) for (const socket of sockets) socket.destroy();
      rig.answer();
      await waitFor(async () => {
        expect(await statusOf(`${rig.url}/big`)).toBe(200);
      });
    }
  });

  it('is nothing of those who hang up while the quota is asked', async () => {
    let draw = (): void => undefined;
    rig.drawn = new Promise((resolve) => (draw = resolve));
    const sockets = await Promise.all(
      Array.from({ length: MOST_OF_KEY / 8 }, async () => await rig.send(names(8))),
    );
    await waitFor(() => {
      expect(rig.drawing).toBe(MOST_OF_KEY);
    });
    rig.drawn = undefined;
    for (const socket of sockets) socket.destroy();
    expect(await statusOf(`${rig.url}/health`)).toBe(200);
    draw();
    expect(await statusOf(`${rig.url}/big`)).toBe(200);
    expect(rig.begun).toEqual([]);
  });

  it('is not read from a connection either when it takes an answer that it let lie', async () => {
    const path = `/slow/a?${'x'.repeat(4_000)}`;
    const socket = await rig.send(['/big', ...Array.from({ length: 5_000 }, () => path)]);
    await waitFor(() => {
      expect(rig.begun).toHaveLength(MOST_OF_SOCKET - 1);
    });
    socket.resume();
    await waitFor(() => {
      expect(rig.begun).toHaveLength(MOST_OF_SOCKET);
    });
    await clock.sleep(300);
    expect(socket.writableLength).toBeGreaterThan(5_000_000);
  });

  it('is waited for, however long an answer takes; a connection without any is not', async () => {
    await rig.close();
    await rig.open(UNREAD_MS);
    const status = statusOf(`${rig.url}/slow/one`);
    await clock.sleep(UNREAD_MS * 3);
    rig.answer();
    expect(await status).toBe(200);
    const idle = await rig.send(['/health']);
    idle.resume();
    await once(idle, 'close');
  });

  it('ends with a connection that nobody reads', async () => {
    await rig.close();
    await rig.open(UNREAD_MS);
    const socket = await rig.send(Array.from({ length: 40 }, () => '/big'));
    const closed = once(socket, 'close');
    await clock.sleep(UNREAD_MS * 4);
    socket.resume();
    await closed;
    expect(socket.bytesRead).toBeLessThan(BIG.length * 40);
  });
});
