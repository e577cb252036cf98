import { runLimiter } from '../support/limiter/limiter-run';
import { noteRun } from '../support/limiter/note-run';
import { proofSize } from '../support/limiter/proof-size';
import { redisDatabases } from '../support/redis-databases';

const PAGES = proofSize({ short: 120, full: 2_000 });
const EVERY_MS = 2_000;

describe('a worker that is killed every two seconds', () => {
  it('costs no page, and never makes a second hold too much', async () => {
    let kills = 0;
    // Slow answers: most who die have a call under way.
    const options = { redisDatabase: redisDatabases.limiterKills, latency: 'plan' } as const;
    const run = await runLimiter(options, PAGES, async (house, signal) => {
      kills = await house.killWorkers(EVERY_MS, signal);
    });
    noteRun('latency 150 ms, kill -9 every 2 s', run, `${kills} kills`);
    expect(run).toMatchObject({ pages: PAGES, violations: [], rejected: 0 });
    expect(kills).toBeGreaterThan(2);
  }, 900_000);
});
