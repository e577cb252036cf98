import { ManualClock } from '@candlekeep/clock';
import { ProcessPhase } from '@candlekeep/lifecycle';
import { freePort } from '../../../test/support/free-port';
import { waitFor } from '../../../test/support/app-process';
import { LogRecorder } from '../../../test/support/log-recorder';
import { parseEnv } from './env';
import { startWorker } from './start-worker';

describe('a worker that cannot reach its Redis', () => {
  it('refuses to start with the name of the variable, and no error line of its own making', async () => {
    const port = await freePort();
    const env = parseEnv({
      REDIS_URL: `redis://127.0.0.1:${port}`,
      DATABASE_URL: `postgres://127.0.0.1:${port}/candlekeep`,
    });
    const log = new LogRecorder();
    const clock = new ManualClock();
    let isOver = false;
    const start = startWorker({ env, log, clock, phase: new ProcessPhase() }).finally(() => {
      isOver = true;
    });
    const refused = expect(start).rejects.toThrow(/REDIS_URL cannot be used: .*ECONNREFUSED/);
    await waitFor(async () => {
      await clock.advance(250);
      expect(isOver).toBe(true);
    });
    await refused;
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
