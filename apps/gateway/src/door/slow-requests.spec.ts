import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { SystemClock } from '@candlekeep/clock';
import { type HttpDoor, openHttpDoor } from '@candlekeep/lifecycle';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { waitFor } from '../../../../test/support/app-process';
import { prepareDoor } from './prepare-door';

/** Far less than a gateway's own, which are 10, 30 and 72 s; the proportions are alike. */
const LIMITS = {
  ...{ headersTimeout: 300, requestTimeout: 900, keepAliveTimeout: 400 },
  connectionsCheckingInterval: 50,
};
/** A timer is late now and then, and cuts come with the next look. */
const LATE_MS = 700;
const MANY = 50;
const HEAD = 'Host: 127.0.0.1\r\nContent-Type: application/json\r\n';
const GOOD = `GET /api/echo HTTP/1.1\r\n${HEAD}\r\n`;
const POST = `POST /api/echo HTTP/1.1\r\n${HEAD}Content-Length: 100\r\n\r\n`;
const clock = new SystemClock();

@Controller('api/echo')
class EchoController {
  @Get()
  get(): object {
    return { is: 'here' };
  }

  @Post()
  post(@Body() body: unknown): unknown {
    return body;
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

/** A connection, what came over it, and when it ended. */
class Line {
  private heard = '';
  private endedMs: number | undefined;
  private readonly startMs = clock.monotonicMs();

  constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.heard += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.endedMs = clock.monotonicMs()));
  }

  get text(): string {
    return this.heard;
  }

  get hasEnded(): boolean {
    return this.endedMs !== undefined;
  }

  /** From its begin to its end, ms. */
  get livedMs(): number {
    return (this.endedMs ?? Infinity) - this.startMs;
  }

  async ended(): Promise<void> {
    if (!this.hasEnded) await once(this.socket, 'close');
  }

  /** Writes the text character by character, for as long as somebody listens. */
  trickle(text: string, everyMs: number): void {
    let at = 0;
    const stop = clock.every(everyMs, () => {
      if (this.hasEnded || at >= text.length) stop();
      else this.socket.write(text.charAt(at++));
    });
  }
}

describe('a caller that is slow', () => {
  let door: HttpDoor;
  let server: Server;
  const lines: Line[] = [];

  beforeAll(async () => {
    door = await openHttpDoor(
      { module: EchoModule },
      {
        ...{ host: '127.0.0.1', port: 0, clock, limits: LIMITS },
        prepare: (app) => {
          server = app.getHttpServer();
          prepareDoor(app);
        },
      },
    );
  });
  afterEach(() => {
    for (const { socket } of lines.splice(0)) socket.destroy();
  });
  afterAll(async () => {
    await door.close();
  });

  const call = async (): Promise<Line> => {
    const { hostname, port } = new URL(door.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const line = new Line(socket);
    lines.push(line);
    return line;
  };
  const connections = async (): Promise<number> =>
    await new Promise((resolve, reject) => {
      server.getConnections((error, count) => {
        if (error === null) resolve(count);
        else reject(error);
      });
    });
  const expectConnections = async (count: number): Promise<void> => {
    await waitFor(async () => {
      expect(await connections()).toBe(count);
    }, 3_000);
  };

  it('with its head is cut in time, each of many, and others are answered meanwhile', async () => {
    const slow = await Promise.all(Array.from({ length: MANY }, call));
    for (const [index, line] of slow.entries()) {
      if (index % 2 === 0) line.trickle(GOOD, 40);
    }
    await expectConnections(MANY);
    const startMs = clock.monotonicMs();
    const other = await fetch(`${door.url}/api/echo`, { headers: { connection: 'close' } });
    expect([other.status, clock.monotonicMs() - startMs < LATE_MS]).toEqual([200, true]);
    await Promise.all(slow.map((line) => line.ended()));
    for (const { text, livedMs } of slow) {
      expect(text).toMatch(/^HTTP\/1\.1 408 [^]*The request did not come in time/);
      expect(livedMs).toBeLessThan(LIMITS.headersTimeout + LATE_MS);
    }
    await expectConnections(0);
  });

  it('with its body is cut in time, in the words of whoever it asked', async () => {
    const slow = await Promise.all(Array.from({ length: MANY }, call));
    for (const line of slow) {
      line.socket.write(POST);
      line.trickle(' '.repeat(100), 40);
    }
    await Promise.all(slow.map((line) => line.ended()));
    for (const { text, livedMs } of slow) {
      expect(text).toMatch(/^HTTP\/1\.1 408 [^]*problem\+json[^]*"status":408/);
      expect(livedMs).toBeGreaterThan(LIMITS.headersTimeout);
      expect(livedMs).toBeLessThan(LIMITS.requestTimeout + LATE_MS);
    }
    await expectConnections(0);
  });

  it('to come back is let go when its connection was idle for long', async () => {
    const line = await call();
    line.socket.write(GOOD);
    await line.ended();
    expect(line.text).toMatch(/^HTTP\/1\.1 200 /);
    expect(line.livedMs).toBeGreaterThan(LIMITS.keepAliveTimeout);
    expect(line.livedMs).toBeLessThan(LIMITS.keepAliveTimeout + 1_000 + LATE_MS);
    await expectConnections(0);
  });

  it('to listen, having said all it had to say, is answered; one that says half is let go at once', async () => {
    const whole = await call();
    whole.socket.end(GOOD);
    const half = await call();
    half.socket.end(GOOD.slice(0, 20));
    await Promise.all([whole.ended(), half.ended()]);
    expect(whole.text).toMatch(/^HTTP\/1\.1 200 [^]*\{"is":"here"\}$/);
    expect(half.livedMs).toBeLessThan(LIMITS.headersTimeout);
    await expectConnections(0);
  });
});
