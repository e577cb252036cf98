import { runLimiter } from '../support/limiter/limiter-run';
import { noteRun } from '../support/limiter/note-run';
import { redisDatabases } from '../support/redis-databases';

const PAGES = 80;

describe('a limiter that grants ten calls in each second of the server’s clock', () => {
  it('is found out by the same proof: across an edge there are more than ten', async () => {
    const redisDatabase = redisDatabases.limiterMutation;
    const run = await runLimiter({ redisDatabase, limiter: 'fixed-window', workers: 4 }, PAGES);
    noteRun('a fixed-window limiter in its place', run);
    expect(run.maxPerSecond).toBeGreaterThan(10);
    expect(run.violations).toContainEqual(expect.objectContaining({ kind: 'too-many-calls' }));
  }, 180_000);
});
