import { runLimiter } from '../support/limiter/limiter-run';
import { noteRun } from '../support/limiter/note-run';
import { proofSize } from '../support/limiter/proof-size';
import { redisDatabases } from '../support/redis-databases';

const PAGES = proofSize({ short: 250, full: 2_000 });
// What a machine that is busy with other tests gets: the scripts' own rate is proven in virtual time, and the full run tells the house's.
const SHARE = proofSize({ short: 0.4, full: 0.95 });

describe('eight workers whose clocks are off by up to five seconds', () => {
  it('send what one disciplined client would: no second holds too much, and hardly one less than it could', async () => {
    const run = await runLimiter({ redisDatabase: redisDatabases.limiterClocks }, PAGES);
    noteRun('8 workers, clocks -5 s to +5 s', run);
    expect(run).toMatchObject({ pages: PAGES, violations: [], rejected: 0 });
    expect(run.share).toBeGreaterThanOrEqual(SHARE);
  }, 600_000);
});
