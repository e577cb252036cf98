import { runLimiter } from '../support/limiter/limiter-run';
import { noteRun } from '../support/limiter/note-run';
import { proofSize } from '../support/limiter/proof-size';
import { redisDatabases } from '../support/redis-databases';

const PAGES = proofSize({ short: 200, full: 2_000 });
const JITTER_MS = 200;
// What a machine that is busy with other tests gets; the full run tells what the limiter can.
const SHARE = proofSize({ short: 0.35, full: 0.8 });

describe('a way to the exchange that takes up to 200 ms more, each way and each time another', () => {
  it('costs some of the budget, and never a second that holds too much', async () => {
    const options = { redisDatabase: redisDatabases.limiterJitter, jitterMs: JITTER_MS };
    const run = await runLimiter(options, PAGES);
    noteRun('the same, each way 0 to 200 ms longer', run);
    expect(run).toMatchObject({ pages: PAGES, violations: [], rejected: 0 });
    expect(run.share).toBeGreaterThanOrEqual(SHARE);
  }, 600_000);
});
