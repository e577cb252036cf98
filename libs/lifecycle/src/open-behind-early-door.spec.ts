import { once } from 'node:events';
import { createServer } from 'node:net';
import { SystemClock } from '@candlekeep/clock';
import { freePort } from '../../../test/support/free-port';
import { LogRecorder } from '../../../test/support/log-recorder';
import { openBehindEarlyDoor } from './open-behind-early-door';
import type { Closable } from './process-lifecycle';
import { ProcessPhase } from './process-phase';

const HOST = '127.0.0.1';

describe('a process that is opened behind an early door', () => {
  const log = new LogRecorder();
  let port: number;
  let closed: string[];

  beforeEach(async () => {
    port = await freePort();
    closed = [];
  });

  const start = () => ({
    ...{ log, clock: new SystemClock(), phase: new ProcessPhase() },
    env: { HOST, PORT: port, LOG_LEVEL: 'warn' as const },
  });
  const part = (name: string): Closable => ({
    close: () => {
      closed.push(name);
      return Promise.resolve();
    },
  });
  const statusOf = async (path: string) => (await fetch(`http://${HOST}:${port}${path}`)).status;

  it('says that it lives and why it is not ready while its parts are opened, at the level it was told', async () => {
    let told: readonly number[] = [];
    await openBehindEarlyDoor(start(), {
      openParts: async () => {
        told = [await statusOf('/health/live'), await statusOf('/health/ready')];
        return part('parts');
      },
      openDoor: (parts) => Promise.resolve(parts),
    });
    expect(told).toEqual([200, 503]);
    expect(log.adjusted).toEqual(['warn']);
  });

  it('keeps its port until the door is ready to listen there', async () => {
    let told: number | undefined;
    const listens = await openBehindEarlyDoor(start(), {
      openParts: () => Promise.resolve(part('parts')),
      openDoor: async (_parts, _self, makeWay) => {
        told = await statusOf('/health/ready');
        makeWay();
        return await listen(port);
      },
    });
    expect(told).toBe(503);
    await listens.close();
    expect(closed).toEqual([]);
  });

  it('gives its port free when the parts cannot be opened', async () => {
    const opening = openBehindEarlyDoor(start(), {
      openParts: () => Promise.reject(new Error('no Redis')),
      openDoor: () => Promise.resolve(part('door')),
    });
    await expect(opening).rejects.toThrow('no Redis');
    await (await listen(port)).close();
  });

  it('closes the parts and gives its port free when the door cannot be opened', async () => {
    const opening = openBehindEarlyDoor(start(), {
      openParts: () => Promise.resolve(part('parts')),
      openDoor: () => Promise.reject(new Error('the port is taken')),
    });
    await expect(opening).rejects.toThrow('the port is taken');
    expect(closed).toEqual(['parts']);
    await (await listen(port)).close();
  });
});

async function listen(port: number): Promise<Closable> {
  const server = createServer().listen(port, HOST);
  await once(server, 'listening');
  return {
    close: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
