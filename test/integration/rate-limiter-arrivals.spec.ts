import { SystemClock } from '@candlekeep/clock';
import { type LimitPolicy, RateLimiter, steadyDemand } from '@candlekeep/rate-limiter';
import type { RedisConnection } from '@candlekeep/redis';
import fc from 'fast-check';
import { withFixedWindow } from '../support/fixed-window-redis';
import { forgetBudgets } from '../support/forget-budgets';
import { mostInAnyWindow } from '../support/limiter-world';
import { TestRedis } from '../support/redis';

const clock = new SystemClock();
const LIMIT = 4;
const WINDOW_MS = 100;
const LATE_MS = 10;
/** Of which 490 ms are for a call; the longest that is answered takes 150 ms. */
const LEASE_MS = 600;
const WORKERS = 4;
const CALLS_PER_RUN = 32;
const LANES = 8;
const HOURS_MS = 3_600_000;

/** A call as the test's own exchange sees it: the way there, the stamp's own lateness, the way back. */
interface Call {
  readonly rank: number;
  readonly thereMs: number;
  readonly stampLateMs: number;
  readonly backMs: number;
  /** `dies`: its worker, with the call under way. `silent`: the exchange, so that it is given up in the end. */
  readonly ending: 'answered' | 'dies' | 'silent';
}

const call = fc.record<Call>({
  rank: fc.integer({ min: 0, max: LANES - 1 }),
  thereMs: fc.integer({ min: 0, max: 70 }),
  stampLateMs: fc.integer({ min: 0, max: LATE_MS }),
  backMs: fc.integer({ min: 0, max: 70 }),
  ending: fc.nat(9).map((lot) => (lot === 0 ? 'dies' : lot === 1 ? 'silent' : 'answered')),
});
const calls = fc.array(call, { minLength: CALLS_PER_RUN, maxLength: CALLS_PER_RUN });
const QUICK: Call = { rank: 0, thereMs: 0, stampLateMs: 0, backMs: 0, ending: 'answered' };
const QUICK_RUN = Array.from({ length: CALLS_PER_RUN }, () => QUICK);

describe('rate limiter, as the exchange sees it', () => {
  const servers = new TestRedis();
  let workers: RedisConnection[];

  beforeAll(() => {
    workers = Array.from({ length: WORKERS }, () => servers.queue());
  });

  afterAll(() => {
    servers.close();
  });

  it('lets no window hold more than the limit, whatever the ways, the deaths and the workers’ clocks', async () => {
    await fc.assert(
      fc.asyncProperty(calls, async (made) => {
        const arrivals = await run(made, workers);
        expect(arrivals).toHaveLength(made.length);
        expect(mostInAnyWindow(arrivals, WINDOW_MS)).toBeLessThanOrEqual(LIMIT);
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });

  it('frees slots by the answers, long before the leases end', async () => {
    const startMs = clock.monotonicMs();
    const arrivals = await run(QUICK_RUN, workers);
    const rests = CALLS_PER_RUN / LIMIT;
    expect(mostInAnyWindow(arrivals, WINDOW_MS)).toBe(LIMIT);
    expect(clock.monotonicMs() - startMs).toBeLessThan(rests * LEASE_MS * 0.75);
  });

  it('would be found out if it counted by windows of the clock', async () => {
    const arrivals = await run(QUICK_RUN, workers.map(withFixedWindow));
    expect(mostInAnyWindow(arrivals, WINDOW_MS)).toBeGreaterThan(LIMIT);
  });

  /** Spreads the calls over the workers, several at a time in each, and returns the exchange's stamps. */
  async function run(made: readonly Call[], connections: RedisConnection[]): Promise<number[]> {
    const policy: LimitPolicy = {
      ...{ egressId: `spec-${clock.token()}`, group: 'candles', limit: LIMIT },
      ...{ windowMs: WINDOW_MS, lateMs: LATE_MS, leaseMs: LEASE_MS },
    };
    const limiters = connections.map((redis, index) => {
      return new RateLimiter(redis, policy, new WrongClock((index - 1.5) * HOURS_MS));
    });
    const arrivals: number[] = [];
    await Promise.all(
      made.map((one, index) => make(one, limiters[index % limiters.length]!, arrivals)),
    );
    await forgetBudgets(workers[0]!, policy.egressId);
    return arrivals;
  }
});

async function make(made: Call, limiter: RateLimiter, arrivals: number[]): Promise<void> {
  const permit = await limiter.take(AbortSignal.timeout(20_000), steadyDemand(made.rank));
  await clock.sleep(made.thereMs + made.stampLateMs);
  arrivals.push(clock.monotonicMs());
  if (made.ending === 'dies') return;
  if (made.ending === 'answered') {
    await clock.sleep(made.backMs);
    await limiter.release(permit, { kind: 'answered' });
    return;
  }
  await clock.sleep(LEASE_MS - WINDOW_MS - LATE_MS - made.thereMs - made.stampLateMs);
  await limiter.release(permit, { kind: 'timed-out' });
}

/** A worker whose clocks are hours off; only their speed is right. */
class WrongClock extends SystemClock {
  constructor(private readonly offMs: number) {
    super();
  }

  override nowMs(): number {
    return super.nowMs() + this.offMs;
  }

  override monotonicMs(): number {
    return super.monotonicMs() - this.offMs;
  }
}
