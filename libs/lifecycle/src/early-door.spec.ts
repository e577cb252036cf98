import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { SystemClock } from '@candlekeep/clock';
import { silentLogger } from '@candlekeep/telemetry';
import { readBuild } from './build-info';
import { EarlyDoor, type EarlyRefusal } from './early-door';
import { HealthModule } from './health.module';
import { openHttpDoor } from './http-door.module';
import { openBehindEarlyDoor } from './open-behind-early-door';
import { ProcessPhase } from './process-phase';

const HOST = '127.0.0.1';
const clock = new SystemClock();

describe('a process that still opens its parts', () => {
  let port: number;
  beforeEach(async () => {
    port = await freePort();
  });

  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`http://${HOST}:${port}${path}`, init);
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
  };
  const selfIn = (phase: ProcessPhase) => ({ phase, build: readBuild(), startedAtMs: 0 });

  it('is alive, and says that it is not ready and what it waits for', async () => {
    const phase = new ProcessPhase();
    const early = await EarlyDoor.open({ host: HOST, port }, selfIn(phase));
    try {
      expect(await ask('/health/live?probe')).toMatchObject({
        status: 200,
        body: '{"status":"ok"}',
      });
      phase.waitFor('DATABASE_URL: ECONNREFUSED');
      const waiting = await ask('/health/ready');
      expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([503, '1']);
      expect(JSON.parse(waiting.body)).toMatchObject({
        ...{ status: 'unavailable', parts: {} },
        reasons: ['connecting', 'DATABASE_URL: ECONNREFUSED'],
      });
      phase.enter('migrating');
      expect(JSON.parse((await ask('/health/ready?probe')).body)).toMatchObject({
        reasons: ['migrating'],
      });
    } finally {
      early.release();
    }
  });

  it('refuses all else in the words that it was given, else as its health', async () => {
    const phase = new ProcessPhase();
    const refuse: EarlyRefusal = (url, reason) => ({
      type: 'text/plain',
      body: `${url}: ${reason}`,
    });
    const spoken = await EarlyDoor.open({ host: HOST, port, refuse }, selfIn(phase));
    const refused = await ask('/v1/ticker?markets=KRW-BTC', { method: 'POST', body: '{}' });
    expect([refused.status, refused.headers.get('content-type')]).toEqual([503, 'text/plain']);
    expect(refused.body).toBe(
      '/v1/ticker?markets=KRW-BTC: This process has only begun (connecting): ask again soon.',
    );
    spoken.release();
    const plain = await EarlyDoor.open({ host: HOST, port }, selfIn(phase));
    expect(JSON.parse((await ask('/metrics')).body)).toMatchObject({ reasons: ['connecting'] });
    plain.release();
  });

  it('says in one message that its port is taken, and by which setting to change it', async () => {
    const other = await listening(port);
    const opening = EarlyDoor.open({ host: HOST, port }, selfIn(new ProcessPhase()));
    await expect(opening).rejects.toThrow(
      `port ${port} on ${HOST} is taken; stop the program that listens there or set PORT to another`,
    );
    other.close();
  });

  it('opens nothing at a port that nobody knows yet', async () => {
    for (const unknown of [0, undefined]) {
      const early = await EarlyDoor.open({ host: HOST, port: unknown }, selfIn(new ProcessPhase()));
      early.release();
      early.release();
    }
  });

  it('answers whoever asks without a break until its own door does, but for a moment', async () => {
    const phase = new ProcessPhase();
    const env = { HOST, PORT: port, LOG_LEVEL: 'silent' as const };
    const log = { ...silentLogger, adjust: () => undefined };
    const seen: (number | 'refused')[] = [];
    const asking = new AbortController();
    const asked = (async () => {
      while (!asking.signal.aborted) {
        seen.push(
          await ask('/health/ready').then(
            ({ status }) => status,
            () => 'refused' as const,
          ),
        );
      }
    })();
    const opened = await openBehindEarlyDoor(
      { env, log, clock, phase },
      {
        openParts: async () => {
          phase.enter('warming');
          await clock.sleep(100);
          return { close: () => Promise.resolve() };
        },
        openDoor: (_parts, self, makeWay) =>
          openHttpDoor(HealthModule.with({ ...self, checks: {} }), {
            host: HOST,
            port,
            clock,
            makeWay,
          }),
      },
    );
    phase.enter('serving');
    await clock.sleep(100);
    asking.abort();
    await asked;
    await opened.close();
    const order = seen.filter((status, index) => status !== seen[index - 1]);
    // Refused before there is a process, and perhaps in the moment of the change.
    expect(order.join(' ')).toMatch(/^(?:refused )?503 (?:refused )?(?:503 )?200$/);
    const change = seen.slice(seen.indexOf(503));
    expect(change.filter((status) => status === 'refused').length).toBeLessThan(20);
  });
});

async function listening(port: number): Promise<Server> {
  const server = createServer().listen(port, HOST);
  await once(server, 'listening');
  return server;
}

async function freePort(): Promise<number> {
  const server = await listening(0);
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
