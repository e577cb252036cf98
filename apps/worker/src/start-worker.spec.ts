import { createServer } from 'node:net';
import { once } from 'node:events';
import { SystemClock } from '@candlekeep/clock';
import { ProcessPhase } from '@candlekeep/lifecycle';
import { LogRecorder } from '../../../test/support/log-recorder';
import { parseEnv } from './env';
import { startWorker } from './start-worker';

describe('a worker that cannot reach its Redis', () => {
  it('refuses to start with the name of the variable, and no error line of its own making', async () => {
    const port = await closedPort();
    const env = parseEnv({
      REDIS_URL: `redis://127.0.0.1:${port}`,
      DATABASE_URL: `postgres://127.0.0.1:${port}/candlekeep`,
    });
    const log = new LogRecorder();
    const start = startWorker({
      ...{ env, log },
      clock: new SystemClock(),
      phase: new ProcessPhase(),
    });
    await expect(start).rejects.toThrow(/REDIS_URL cannot be used: .*ECONNREFUSED/);
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
